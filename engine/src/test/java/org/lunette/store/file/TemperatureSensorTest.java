package org.lunette.store.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sensors are found where the kernel shows them. */
class TemperatureSensorTest {
    @TempDir
    Path devices;

    private Path sensor(String folder, String millidegrees) throws IOException {
        Path monitor = Files.createDirectories(devices.resolve(folder));
        return Files.writeString(monitor.resolve("temp1_input"), millidegrees);
    }

    private OptionalInt temperature(String device) {
        return TemperatureSensor.ofDevice(devices, device).temperatureC();
    }

    @Test
    void aSataDiskHasIt() throws IOException {
        sensor("8:0/device/hwmon/hwmon3", "38500\n");
        assertEquals(OptionalInt.of(39), temperature("8:0"));
    }

    @Test
    void anNvmeDiskHasIt() throws IOException {
        sensor("259:0/device/hwmon1", "-1600\n");
        assertEquals(OptionalInt.of(-2), temperature("259:0"));
    }

    @Test
    void aPartitionHasThatOfItsDisk() throws IOException {
        sensor("device/hwmon/hwmon0", "25499\n");
        Files.createDirectories(devices.resolve("8:1"));
        assertEquals(OptionalInt.of(25), temperature("8:1"));
    }

    @Test
    void aDiskThatDoesNotAnswerHasNoneForNow() throws IOException {
        Path input = sensor("8:0/device/hwmon/hwmon3", "31000\n");
        TemperatureSensor found = TemperatureSensor.ofDevice(devices, "8:0");
        Files.writeString(input, "");
        assertEquals(OptionalInt.empty(), found.temperatureC());
        Files.delete(input);
        assertEquals(OptionalInt.empty(), found.temperatureC());
    }

    @Test
    void othersHaveNone() throws IOException {
        Files.createDirectories(devices.resolve("7:0"));
        assertNull(TemperatureSensor.ofDevice(devices, "7:0"));
        assertNull(TemperatureSensor.ofDevice(devices, "0:55"));
    }
}
