package org.lunette.cli;

import java.io.PrintWriter;
import java.util.List;
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

/** {@code lunette filter}: the filters around devices. */
@Command(
        name = "filter",
        description = "Shows and changes the filters around a running server's devices.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class)
final class FilterCommand implements Runnable {
    private static final String WHICH = "Its kind, or its number as 'filter show' tells it.";

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "a command is missing: show, set, on or off");
    }

    @Command(
            name = "show",
            description = "Tells which filters there are, from the outermost, and what they did.",
            mixinStandardHelpOptions = true,
            versionProvider = Version.class)
    int show(
            @Mixin ServerChoice server,
            @Parameters(index = "0", arity = "0..1", paramLabel = "NAME", description = "For this device alone.")
                    String name,
            @Option(names = "--json", description = "As JSON, for programs.") boolean json)
            throws RefusalException {
        AdminResult shown = server.ask("filter-show", name == null ? Map.of() : Map.of("name", name));
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(shown.json());
        } else {
            new Table()
                    .column("DEVICE", "device")
                    .column("NUMBER", "number")
                    .column("ON", "on")
                    .column("SEEN", "seen")
                    .column("ACTED", "acted")
                    .column("KEPT", "kept")
                    .column("FILTER", "filter")
                    .column("MORE", "more")
                    .print(out, shown.rows("filters"));
        }
        out.flush();
        return 0;
    }

    @Command(
            name = "set",
            description = "Changes options while commands are under way. KEY= without a value takes an option away.",
            mixinStandardHelpOptions = true,
            versionProvider = Version.class)
    int set(
            @Mixin ServerChoice server,
            @Parameters(index = "0", paramLabel = "NAME", description = "The device.") String name,
            @Parameters(index = "1", paramLabel = "FILTER", description = WHICH) String filter,
            @Parameters(index = "2..*", arity = "1..*", paramLabel = "KEY[=VALUE]", description = "Such as read=5ms.")
                    List<String> options)
            throws RefusalException {
        Map<String, String> arguments = new TreeMap<>(Map.of("name", name, "filter", filter));
        arguments.put("options", String.join(",", options));
        return change(server, "filter-set", arguments, name, "");
    }

    @Command(
            name = "on",
            description = "Switches a filter on.",
            mixinStandardHelpOptions = true,
            versionProvider = Version.class)
    int on(
            @Mixin ServerChoice server,
            @Parameters(index = "0", paramLabel = "NAME", description = "The device.") String name,
            @Parameters(index = "1", paramLabel = "FILTER", description = WHICH) String filter)
            throws RefusalException {
        return change(server, "filter-on", Map.of("name", name, "filter", filter), name, " is on");
    }

    @Command(
            name = "off",
            description = "Switches a filter off: it passes on all that comes, and all that it keeps.",
            mixinStandardHelpOptions = true,
            versionProvider = Version.class)
    int off(
            @Mixin ServerChoice server,
            @Parameters(index = "0", paramLabel = "NAME", description = "The device.") String name,
            @Parameters(index = "1", paramLabel = "FILTER", description = WHICH) String filter)
            throws RefusalException {
        return change(server, "filter-off", Map.of("name", name, "filter", filter), name, " is off");
    }

    private int change(ServerChoice server, String verb, Map<String, String> arguments, String name, String state)
            throws RefusalException {
        AdminResult changed = server.ask(verb, arguments);
        PrintWriter out = spec.commandLine().getOut();
        out.println(name + ": " + changed.text("filter") + state);
        out.flush();
        return 0;
    }
}
