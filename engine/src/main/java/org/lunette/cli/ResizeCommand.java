package org.lunette.cli;

import java.io.PrintWriter;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.lunette.admin.AdminResult;
import org.lunette.admin.RefusalException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code lunette resize}: gives a device another size while it is in use. */
@Command(
        name = "resize",
        description = {
            "Gives a device of a running server another size while it is in use.",
            "Initiators are told; Linux takes the new size after 'echo 1 > /sys/block/sdX/device/rescan'."
        },
        mixinStandardHelpOptions = true,
        versionProvider = Version.class)
final class ResizeCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private ServerChoice server;

    @Parameters(index = "0", paramLabel = "NAME", description = "The device.")
    private String name;

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "SIZE",
            description = "Such as 20G. Left out, it is the size that the file or device below has now.")
    private String size;

    @Option(names = "--force", description = "Make it smaller, and lose what is beyond.")
    private boolean force;

    @Override
    public Integer call() throws RefusalException {
        Map<String, String> arguments = new TreeMap<>(Map.of("name", name, "force", Boolean.toString(force)));
        if (size != null) {
            arguments.put("size", size);
        }
        AdminResult resized = server.ask("resize", arguments);
        PrintWriter out = spec.commandLine().getOut();
        String bytes = resized.text("sizeBytes") + " bytes";
        String text = resized.text("size");
        out.println(resized.text("name") + " has " + (text.equals(bytes) ? bytes : text + " (" + bytes + ")") + " now");
        out.flush();
        return 0;
    }
}
