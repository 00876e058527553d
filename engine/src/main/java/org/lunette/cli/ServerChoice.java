package org.lunette.cli;

import java.nio.file.Path;
import java.util.Map;
import org.lunette.admin.AdminClient;
import org.lunette.admin.AdminResult;
import org.lunette.admin.ControlFolder;
import org.lunette.admin.RefusalException;
import picocli.CommandLine.Option;

/** Which running server a command is for: what the commands that ask one have in common. */
final class ServerChoice {
    @Option(
            names = "--control",
            paramLabel = "PATH",
            description = "The socket of the server that is meant; not needed if this user has only one.")
    private Path control;

    AdminResult ask(String verb, Map<String, String> arguments) throws RefusalException {
        Path socket = control == null ? ControlFolder.ofUser().onlySocket() : control;
        return AdminClient.ask(socket, verb, arguments);
    }
}
