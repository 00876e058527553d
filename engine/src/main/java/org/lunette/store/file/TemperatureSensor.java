package org.lunette.store.file;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalInt;

/**
 * What the kernel's hardware monitoring tells of a disk: by {@code drivetemp} for SATA and SAS, by itself for NVMe. Any
 * thread may call.
 *
 * @param input gives thousandths of a degree Celsius
 */
record TemperatureSensor(Path input) {
    private static final Path DEVICES = Path.of("/sys/dev/block");
    private static final int MILLIDEGREES = 1000;

    /** The sensor of a block device, MAJOR:MINOR, or of the disk that it is a partition of; null if there is none. */
    static TemperatureSensor ofDevice(String device) {
        return ofDevice(DEVICES, device);
    }

    static TemperatureSensor ofDevice(Path devices, String device) {
        for (String disk : new String[] {"device", "../device"}) {
            Path folder = devices.resolve(device).resolve(disk);
            for (Path monitors : new Path[] {folder.resolve("hwmon"), folder}) {
                Path input = inputBelow(monitors);
                if (input != null) {
                    return new TemperatureSensor(input);
                }
            }
        }
        return null;
    }

    private static Path inputBelow(Path monitors) {
        try (DirectoryStream<Path> found = Files.newDirectoryStream(monitors, "hwmon[0-9]*")) {
            for (Path monitor : found) {
                Path input = monitor.resolve("temp1_input");
                if (Files.isReadable(input)) {
                    return input;
                }
            }
        } catch (IOException e) {
            // no such folder: no sensor there
        }
        return null;
    }

    /** The temperature now; empty if the disk does not tell it, since it sleeps, say. */
    OptionalInt temperatureC() {
        try {
            int millidegrees = Integer.parseInt(Files.readString(input).trim());
            return OptionalInt.of(Math.floorDiv(millidegrees + MILLIDEGREES / 2, MILLIDEGREES));
        } catch (IOException | NumberFormatException e) {
            return OptionalInt.empty();
        }
    }
}
