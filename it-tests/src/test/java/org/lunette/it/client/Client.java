package org.lunette.it.client;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.lunette.it.support.Program;
import org.lunette.it.support.Requirements;

/** The clients' command lines. Each call that goes wrong is an error with all that the client said. */
final class Client {

    private static final Duration TIMEOUT = Duration.ofMinutes(2);

    private Client() {}

    /** Runs one of libiscsi's tools and returns what it printed. */
    static String libiscsi(String tool, String... arguments) {
        Requirements.programs(tool);
        List<String> line = new ArrayList<>(List.of(tool));
        line.addAll(List.of(arguments));
        return Program.of(line).run(TIMEOUT).orFail().output();
    }

    /** {@code iscsi-inq} of a VPD page. */
    static String vpdPage(String url, int page) {
        return libiscsi("iscsi-inq", "--evpd=1", "--pagecode=" + page, url);
    }

    /** {@code qemu-img} with its iSCSI driver. */
    static String qemuImg(String... arguments) {
        return libiscsiOfQemu("qemu-img", arguments);
    }

    /**
     * One {@code qemu-io}, so one session, that runs these commands in their order; a pattern that is not found is an
     * error.
     */
    static String qemuIo(String url, String... commands) {
        return qemuIoProgram(url, commands).run(TIMEOUT).orFail().output();
    }

    /** The {@code qemu-io} of {@link #qemuIo}, to be run by the caller. */
    static Program qemuIoProgram(String url, String... commands) {
        requireQemu("qemu-io");
        List<String> line = new ArrayList<>(List.of("qemu-io", "-f", "raw"));
        for (String command : commands) {
            line.addAll(List.of("-c", command));
        }
        line.add(url);
        return Program.of(line);
    }

    private static String libiscsiOfQemu(String tool, String... arguments) {
        requireQemu(tool);
        List<String> line = new ArrayList<>(List.of(tool));
        line.addAll(List.of(arguments));
        return Program.of(line).run(TIMEOUT).orFail().output();
    }

    private static void requireQemu(String tool) {
        Requirements.programs(tool);
        Program.Outcome modules =
                Program.of("find", "/usr/lib", "-name", "block-iscsi.so").run(TIMEOUT);
        Requirements.require(!modules.output().isBlank(), "QEMU has no iSCSI driver: install qemu-block-extra");
    }
}
