package org.lunette.cli;

import java.io.PrintWriter;
import java.util.Map;
import java.util.TreeMap;
import org.lunette.admin.AdminResult;
import org.lunette.admin.RefusalException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code lunette alua}: the asymmetric access states of target port groups. */
@Command(
        name = "alua",
        description = "Shows and changes the asymmetric access states of a running server's target port groups.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class)
final class AluaCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "a command is missing: show or set");
    }

    @Command(
            name = "show",
            description = "Tells the state of each group, as each device has it.",
            mixinStandardHelpOptions = true,
            versionProvider = Version.class)
    int show(@Mixin ServerChoice server, @Option(names = "--json", description = "As JSON, for programs.") boolean json)
            throws RefusalException {
        AdminResult shown = server.ask("alua-show", Map.of());
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(shown.json());
        } else {
            new Table()
                    .column("DEVICE", "device")
                    .column("GROUP", "group")
                    .column("STATE", "state")
                    .column("PREFERRED", "preferred")
                    .column("CHANGED BY", "changedBy")
                    .column("PORTS", "ports")
                    .print(out, shown.rows("groups"));
        }
        out.flush();
        return 0;
    }

    @Command(
            name = "set",
            description = "Changes a group's state, when the commands under way by it have ended. Initiators are told.",
            mixinStandardHelpOptions = true,
            versionProvider = Version.class)
    int set(
            @Mixin ServerChoice server,
            @Parameters(index = "0", paramLabel = "GROUP", description = "The group's number.") int group,
            @Parameters(
                            index = "1",
                            paramLabel = "STATE",
                            description = "optimized, non-optimized, standby, unavailable or offline.")
                    String state,
            @Option(names = "--device", paramLabel = "NAME", description = "For this device alone.") String device)
            throws RefusalException {
        Map<String, String> arguments = new TreeMap<>(Map.of("group", Integer.toString(group), "state", state));
        if (device != null) {
            arguments.put("device", device);
        }
        AdminResult changed = server.ask("alua-set", arguments);
        PrintWriter out = spec.commandLine().getOut();
        out.println("group " + changed.text("group") + " is " + changed.text("state") + " now for "
                + changed.text("devices"));
        out.flush();
        return 0;
    }
}
