package org.lunette.it.vm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lunette.it.support.JavaRuntime;
import org.lunette.it.support.LunetteServer;
import org.lunette.it.support.Requirements;

/**
 * What a cluster does with a unit that its nodes share, by the programs that clusters run: reservations by sg_persist,
 * fence_scsi, and fence_mpath over dm-multipath; the target is killed and started again. Two nodes are two initiators
 * of one emulated machine.
 */
class ClusterIT {

    private static final Duration TIMEOUT = Duration.ofMinutes(8);
    private static final long POLL_MS = 100;

    @Test
    void twoNodesReserveAndFenceEachOtherAndTheTargetIsKilled(@TempDir Path folder) throws Exception {
        Requirements.programs(
                "iscsid", "iscsiadm", "fio", "sg_persist", "sg_turs", "sg_opcodes", "fence_scsi", "unshare");
        Requirements.programs("multipathd", "multipath", "mpathpersist", "fence_mpath", "dmsetup", "udevadm");
        Path share = Files.createDirectory(folder.resolve("share"));
        EmulatedMachine machine = EmulatedMachine.plain().sharing(share);
        List<String> portals;
        CompletableFuture<MachineRun> run;
        try (LunetteServer server = serve(folder, List.of("127.0.0.1:0", "127.0.0.1:0"))) {
            portals = server.portals();
            List<String> seen = portals.stream()
                    .map(portal -> portal.replace("127.0.0.1", EmulatedMachine.HOST))
                    .toList();
            String script = script();
            run = CompletableFuture.supplyAsync(
                    () -> machine.run("cluster", script, TIMEOUT, seen.get(0), LunetteServer.TARGET, "1", seen.get(1)));
            while (!Files.exists(share.resolve("kill"))) {
                if (run.isDone()) {
                    throw new AssertionError(
                            "ended early: " + run.get().orFail().output());
                }
                Thread.sleep(POLL_MS);
            }
            server.process().destroyForcibly();
            server.awaitEnd();
        }
        try (LunetteServer again = serve(folder, portals)) {
            assertEquals(portals, again.portals());
            Files.createFile(share.resolve("restarted"));
            String output = run.get().orFail().output();
            assertTrue(output.contains(": all done"), output);
        }
    }

    private static LunetteServer serve(Path folder, List<String> portals) {
        return LunetteServer.start(
                JavaRuntime.ofTheTests(),
                "serve",
                "--listen",
                portals.get(0),
                "--listen",
                portals.get(1) + ",group=2",
                "--state",
                folder.resolve("state").toString(),
                "shared=file:" + folder.resolve("shared") + ",size=64M");
    }

    private static String script() throws IOException {
        StringBuilder script = new StringBuilder();
        for (String part :
                List.of("initiator-lib", "cluster-lib", "cluster-reservations", "cluster-fencing", "cluster")) {
            try (InputStream text = ClusterIT.class.getResourceAsStream("/vm/" + part + ".sh")) {
                script.append(new String(text.readAllBytes(), StandardCharsets.UTF_8));
            }
        }
        return script.toString();
    }
}
