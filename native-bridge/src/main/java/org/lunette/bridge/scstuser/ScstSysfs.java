package org.lunette.bridge.scstuser;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** What SCST tells in sysfs, and its device does not. */
public final class ScstSysfs {
    private static final Path TARGETS = Path.of("/sys/kernel/scst_tgt/targets");
    private static final int MAX_RELATIVE_PORT = 0xffff;

    private ScstSysfs() {}

    /** The relative target port identifier of a target by its name, or 1 if SCST has none for it. */
    public static int relativeTargetPort(String targetName) {
        return relativeTargetPort(TARGETS, targetName);
    }

    static int relativeTargetPort(Path targets, String targetName) {
        try (Stream<Path> drivers = Files.list(targets)) {
            for (Path driver : drivers.toList()) {
                Path attribute = driver.resolve(targetName).resolve("rel_tgt_id");
                if (Files.isReadable(attribute)) {
                    List<String> lines = Files.readAllLines(attribute);
                    int port =
                            lines.isEmpty() ? 0 : Integer.parseInt(lines.get(0).trim());
                    return port >= 1 && port <= MAX_RELATIVE_PORT ? port : 1;
                }
            }
        } catch (IOException | RuntimeException e) {
            return 1; // no such folder, a name that is no file name, an attribute in another form
        }
        return 1;
    }
}
