package org.lunette.cli;

import java.io.PrintWriter;
import java.util.Map;
import java.util.concurrent.Callable;
import org.lunette.admin.AdminResult;
import org.lunette.admin.RefusalException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code lunette show}: what a running server serves. */
@Command(
        name = "show",
        description = "Tells what a running server serves: devices, their identity, sessions, portals.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class)
final class ShowCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private ServerChoice server;

    @Option(names = "--json", description = "As JSON, for programs.")
    private boolean json;

    @Override
    public Integer call() throws RefusalException {
        AdminResult shown = server.ask("show", Map.of());
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(shown.json());
        } else {
            print(shown, out);
        }
        out.flush();
        return 0;
    }

    private static void print(AdminResult shown, PrintWriter out) {
        if (shown.text("target").isEmpty()) {
            out.println("Devices of SCST");
        } else {
            out.println("Target " + shown.text("target") + " at " + shown.text("portals"));
        }
        new Table()
                .column("LUN", "lun")
                .column("NAME", "name")
                .column("SIZE", "size")
                .column("BLOCK", "blockBytes")
                .column("SESSIONS", "sessions")
                .column("NAA", "naa")
                .column("UUID", "uuid")
                .column("STORE", "store")
                .print(out, shown.rows("devices"));
    }
}
