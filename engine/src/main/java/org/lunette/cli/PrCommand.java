package org.lunette.cli;

import java.io.PrintWriter;
import java.util.Map;
import org.lunette.admin.AdminResult;
import org.lunette.admin.RefusalException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code lunette pr}: the persistent reservations of devices. */
@Command(
        name = "pr",
        description = "Shows and clears the reservations of a running server's devices.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class)
final class PrCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "a command is missing: show or clear");
    }

    @Command(
            name = "show",
            description = "Tells who has registered which key, and who holds the reservation.",
            mixinStandardHelpOptions = true,
            versionProvider = Version.class)
    int show(
            @Mixin ServerChoice server,
            @Parameters(index = "0", paramLabel = "NAME", description = "The device.") String name,
            @Option(names = "--json", description = "As JSON, for programs.") boolean json)
            throws RefusalException {
        AdminResult shown = server.ask("pr-show", Map.of("name", name));
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(shown.json());
        } else {
            out.println(
                    "Reservation of " + name + ": " + shown.text("type") + "; generation " + shown.text("generation"));
            new Table()
                    .column("KEY", "key")
                    .column("HOLDER", "holder")
                    .column("INITIATOR PORT", "initiator")
                    .column("TARGET PORT", "targetPort")
                    .print(out, shown.rows("registrations"));
        }
        out.flush();
        return 0;
    }

    @Command(
            name = "clear",
            description = {
                "Ends the registrations and the reservation of a device: all, or those of one key.",
                "For a node that is gone for good: whoever still uses the disk loses its protection."
            },
            mixinStandardHelpOptions = true,
            versionProvider = Version.class)
    int clear(
            @Mixin ServerChoice server,
            @Parameters(index = "0", paramLabel = "NAME", description = "The device.") String name,
            @Option(names = "--key", paramLabel = "KEY", description = "Only this one, such as 0x1a2b.") String key)
            throws RefusalException {
        server.ask("pr-clear", key == null ? Map.of("name", name) : Map.of("name", name, "key", key));
        PrintWriter out = spec.commandLine().getOut();
        out.println(name + ": "
                + (key == null ? "nothing is registered or reserved" : "the key " + key + " is not registered")
                + " any more");
        out.flush();
        return 0;
    }
}
