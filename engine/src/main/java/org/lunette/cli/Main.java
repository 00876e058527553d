package org.lunette.cli;

import java.util.ArrayList;
import java.util.List;
import org.lunette.admin.RefusalException;
import org.lunette.app.Server;
import org.lunette.app.StartException;
import org.lunette.config.UnitSettings;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The {@code lunette} command. */
@Command(
        name = "lunette",
        description = "Serves SCSI disks written in Java: over iSCSI, or through SCST.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        subcommands = {
            ServeCommand.class,
            ShowCommand.class,
            ResizeCommand.class,
            AluaCommand.class,
            PrCommand.class,
            FilterCommand.class
        },
        footer = {"", "lunette serve serves a RAM disk at once; lunette serve --help tells the rest."})
public final class Main implements Runnable {
    @Spec
    private CommandSpec spec;

    private Main() {}

    /** Runs the command and exits: 0 when it has done its work, 1 when it failed, 2 when it was called wrongly. */
    public static void main(String[] args) {
        System.exit(commandLine().execute(args));
    }

    static CommandLine commandLine() {
        CommandLine commandLine = new CommandLine(new Main());
        commandLine
                .getSubcommands()
                .get("serve")
                .getCommandSpec()
                .usageMessage()
                .footer(storeHelp());
        return commandLine
                .setUsageHelpAutoWidth(true)
                .setParameterExceptionHandler(Main::refuse)
                .setExecutionExceptionHandler(Main::failed);
    }

    private static String[] storeHelp() {
        List<String> lines = new ArrayList<>(List.of("", "STORE is one of:"));
        for (String usage : Server.storeUsage()) {
            lines.add("  " + usage.replace(" - ", System.lineSeparator() + "      "));
        }
        lines.add("Any of them takes " + UnitSettings.usage() + " as well.");
        lines.addAll(List.of("", "FILTER is one of:"));
        for (String usage : Server.filterUsage()) {
            lines.add("  " + usage.replace(" - ", System.lineSeparator() + "      "));
        }
        lines.add("Any of them takes [,seed=NUMBER][,off] as well. A time T is a number with ns, us, ms, s or m.");
        lines.add("A SIZE is a number with K, M, G, T or P, in multiples of 1024.");
        return lines.toArray(String[]::new);
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "a command is missing");
    }

    private static int refuse(ParameterException refused, String[] args) {
        CommandLine command = refused.getCommandLine();
        command.getErr().println("lunette: " + refused.getMessage());
        CommandLine.UnmatchedArgumentException.printSuggestions(refused, command.getErr());
        command.getErr().println("Try '" + command.getCommandSpec().qualifiedName() + " --help'.");
        return CommandLine.ExitCode.USAGE;
    }

    private static int failed(Exception failure, CommandLine command, CommandLine.ParseResult parsed) throws Exception {
        if (failure instanceof StartException || failure instanceof RefusalException) {
            command.getErr().println("lunette: " + failure.getMessage());
            return CommandLine.ExitCode.SOFTWARE;
        }
        throw failure;
    }
}
