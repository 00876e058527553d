package org.lunette.store.ram;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the kernel tells of this machine's memory; the largest number where it does not tell. */
final class MachineMemory {
    private static final Logger LOG = LoggerFactory.getLogger(MachineMemory.class);

    private MachineMemory() {}

    /** All of it. */
    static long totalBytes() {
        return bytes("MemTotal:");
    }

    /** What processes can still take without swapping, as the kernel estimates. */
    static long availableBytes() {
        return bytes("MemAvailable:");
    }

    private static long bytes(String name) {
        try {
            for (String line : Files.readAllLines(Path.of("/proc/meminfo"))) {
                if (line.startsWith(name)) {
                    return Long.parseLong(line.replaceAll("\\D", "")) << 10;
                }
            }
        } catch (IOException | NumberFormatException e) {
            LOG.debug("cannot tell this machine's memory", e);
        }
        return Long.MAX_VALUE;
    }
}
