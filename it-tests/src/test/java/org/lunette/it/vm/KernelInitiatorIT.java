package org.lunette.it.vm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lunette.it.support.JavaRuntime;
import org.lunette.it.support.LunetteServer;
import org.lunette.it.support.Requirements;
import org.lunette.it.support.SecretFiles;

/** The Linux kernel's own initiator, in the emulated machine, uses disks that the jar serves on the host. */
class KernelInitiatorIT {

    private static final Duration TIMEOUT = Duration.ofMinutes(9);

    @Test
    void logsInMakesFileSystemsComparesThemAndSurvivesResets(@TempDir Path folder) throws IOException {
        Requirements.programs(
                "iscsid",
                "iscsiadm",
                "fio",
                "mkfs.ext4",
                "fsck.ext4",
                "sg_inq",
                "sg_vpd",
                "sg_readcap",
                "sg_luns",
                "sg_opcodes",
                "sg_persist",
                "sg_reset");
        EmulatedMachine machine = EmulatedMachine.plain();
        try (LunetteServer server = LunetteServer.serve(
                        "data=file:" + folder.resolve("data") + ",size=256M",
                        "scratch=ram:256M",
                        "sure=file:" + folder.resolve("sure") + ",size=64M,dsync");
                LunetteServer withUsers = withUsers(folder)) {
            withUsers.expectComplaint("login fails with 201h");
            MachineRun run = machine.run(
                            "kernel-initiator",
                            script("initiator-lib.sh") + script("kernel-initiator.sh") + script("chap.sh"),
                            TIMEOUT,
                            EmulatedMachine.HOST + ":" + server.port(),
                            LunetteServer.TARGET,
                            "3",
                            "2",
                            EmulatedMachine.HOST + ":" + withUsers.port())
                    .orFail();
            assertEquals(
                    List.of("write back", "write through", "write through"), cacheModes(run.output()), run.output());
            assertTrue(run.output().contains(": all done"), run.output());
            assertTrue(run.output().contains(": CHAP is done"), run.output());
        }
    }

    /** Users have their names and "-has-a-secret" as secrets. */
    private static LunetteServer withUsers(Path folder) throws IOException {
        List<String> arguments = new ArrayList<>(List.of("serve", "--listen", "127.0.0.1:0"));
        String[][] users = {
            {"--incoming-user", "alice"},
            {"--outgoing-user", "lunette"},
            {"--discovery-incoming-user", "finder"},
            {"--discovery-outgoing-user", "index"}
        };
        for (String[] user : users) {
            Path secret = SecretFiles.in(folder, user[1], user[1] + "-has-a-secret");
            arguments.addAll(List.of(user[0], user[1] + ":" + secret));
        }
        arguments.add("disk=ram:64M");
        return LunetteServer.start(JavaRuntime.ofTheTests(), arguments.toArray(String[]::new));
    }

    @Test
    void sg3UtilsUnderstandTheUnits(@TempDir Path folder) throws IOException {
        Requirements.programs(
                "iscsid",
                "iscsiadm",
                "sg_vpd",
                "sg_modes",
                "sg_logs",
                "sg_unmap",
                "sg_sanitize",
                "sg_xcopy",
                "sg_write_x");
        EmulatedMachine machine = EmulatedMachine.plain();
        try (LunetteServer server = LunetteServer.start(
                JavaRuntime.ofTheTests(),
                "serve",
                "--listen",
                "127.0.0.1:0",
                "--state",
                folder.resolve("state").toString(),
                "thin=ram:64M",
                "removable=ram:16M,removable",
                "encrypted=ram:16M,encrypted")) {
            MachineRun run = machine.run(
                            "sg-utils",
                            script("initiator-lib.sh") + script("sg-utils.sh"),
                            TIMEOUT,
                            EmulatedMachine.HOST + ":" + server.port(),
                            LunetteServer.TARGET,
                            "3")
                    .orFail();
            assertTrue(run.output().contains(": all done"), run.output());
        }
    }

    /** How the kernel understood the caching mode page of each disk. */
    private static List<String> cacheModes(String output) {
        Matcher mode = Pattern.compile("^cache: (.*)$", Pattern.MULTILINE).matcher(output);
        return mode.results().map(found -> found.group(1)).toList();
    }

    private static String script(String name) throws IOException {
        try (InputStream script = KernelInitiatorIT.class.getResourceAsStream("/vm/" + name)) {
            return new String(script.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
