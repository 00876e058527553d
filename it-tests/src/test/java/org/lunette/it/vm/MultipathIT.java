package org.lunette.it.vm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lunette.frontend.iscsi.portal.IscsiPortalServer;
import org.lunette.frontend.iscsi.portal.Portal;
import org.lunette.frontend.iscsi.session.IscsiLimits;
import org.lunette.frontend.iscsi.session.IscsiTarget;
import org.lunette.it.support.LunetteServer;
import org.lunette.it.support.Requirements;
import org.lunette.metrics.Counters;
import org.lunette.ring.RingFactory;
import org.lunette.ring.SharedRings;
import org.lunette.scsi.device.ScsiTarget;
import org.lunette.scsi.path.AccessState;
import org.lunette.scsi.path.TargetPort;
import org.lunette.scsi.path.TargetPorts;
import org.lunette.scsi.unit.LogicalUnit;
import org.lunette.store.Store;
import org.lunette.store.StoreException;
import org.lunette.store.Stores;

/**
 * dm-multipath of the Linux kernel, in the emulated machine, on a unit with two portal groups: access states, asked for
 * by the initiator and changed by the target's administrator, and a path that is cut.
 */
class MultipathIT {
    private static final Duration TIMEOUT = Duration.ofMinutes(6);
    private static final long TRANSITION_MS = 10_000;
    private static final long LOOKS_EVERY_MS = 50;

    @Test
    void noErrorReachesWhoWritesWhilePathsChangeAndAreCut(@TempDir Path shared)
            throws IOException, StoreException, InterruptedException {
        Requirements.programs("iscsid", "iscsiadm", "fio", "multipath", "multipathd", "tc", "sg_rtpg", "sg_stpg");
        EmulatedMachine machine = EmulatedMachine.plain().sharing(shared);
        try (Store store = Stores.open("ram:64M");
                LogicalUnit unit = LogicalUnit.builder("disk0", store)
                        .transportVersion(0x0960)
                        .targetPorts(twoPorts())
                        .accessStates(Map.of(2, AccessState.ACTIVE_NON_OPTIMIZED))
                        .build();
                RingFactory rings = new SharedRings(RingFactory.DEFAULT_DEPTH, new Counters());
                IscsiPortalServer server = serve(unit, rings)) {
            ExecutorService administrator = Executors.newSingleThreadExecutor();
            try {
                administrator.execute(() -> obey(shared.resolve("order"), unit));
                MachineRun run = machine.run(
                        "multipath",
                        script("initiator-lib.sh") + script("multipath.sh"),
                        TIMEOUT,
                        EmulatedMachine.HOST + ":" + server.addresses().get(0).getPort(),
                        LunetteServer.TARGET,
                        "1",
                        EmulatedMachine.HOST + ":" + server.addresses().get(1).getPort());
                assertEquals(0, run.exitStatus(), run.output() + run.kernelLog());
                assertTrue(run.output().contains(": all done"), run.output());
                assertEquals(List.of(), troubleBeyondAPath(run), run.output());
            } finally {
                administrator.shutdownNow();
                assertTrue(administrator.awaitTermination(30, TimeUnit.SECONDS));
            }
        }
    }

    /** That a command failed on a path that was cut is what the map is for. */
    private static List<String> troubleBeyondAPath(MachineRun run) {
        return run.kernelTrouble().stream()
                .filter(line -> !line.contains("I/O error, dev sd"))
                .toList();
    }

    private static TargetPorts twoPorts() {
        TargetPorts ports = new TargetPorts();
        ports.add(new TargetPort(LunetteServer.TARGET + ",t,0x0001", 1, 1));
        ports.add(new TargetPort(LunetteServer.TARGET + ",t,0x0002", 2, 2));
        return ports;
    }

    private static IscsiPortalServer serve(LogicalUnit unit, RingFactory rings) throws IOException {
        ScsiTarget target = new ScsiTarget(LunetteServer.TARGET);
        target.map(0, unit);
        InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        List<Portal> portals = List.of(new Portal(any, 1, 1), new Portal(any, 2, 2));
        IscsiPortalServer server = new IscsiPortalServer(
                portals, new IscsiTarget(LunetteServer.TARGET, target), new IscsiLimits(), rings, 1);
        server.start();
        return server;
    }

    /** Does what the script orders, group and state, and removes the order. */
    private static void obey(Path order, LogicalUnit unit) {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                if (Files.exists(order)) {
                    String[] groupAndState = Files.readString(order).strip().split(" ");
                    AccessState state = AccessState.ofWord(groupAndState[1]).orElseThrow();
                    if (unit.portGroups()
                            .set(Integer.parseInt(groupAndState[0]), state, TRANSITION_MS)
                            .join()) {
                        Files.delete(order);
                    }
                }
                Thread.sleep(LOOKS_EVERY_MS);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the script has ended
        }
    }

    private static String script(String name) throws IOException {
        try (InputStream script = MultipathIT.class.getResourceAsStream("/vm/" + name)) {
            return new String(script.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
