package org.lunette.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostIdentityTest {
    @TempDir
    Path folder;

    @Test
    void theFirstFileThatHoldsAnIdCounts() throws Exception {
        Path missing = folder.resolve("missing");
        Path uninitialized = Files.writeString(folder.resolve("machine-id"), "uninitialized\n");
        Path good = Files.writeString(folder.resolve("dbus"), "0123456789abcdef0123456789abcdef\n");
        assertEquals("0123456789abcdef0123456789abcdef", HostIdentity.get(List.of(missing, uninitialized, good)));
    }

    @Test
    void aMachineWithoutIdHasItsName() {
        assertFalse(HostIdentity.get(List.of(folder.resolve("missing"))).isEmpty());
    }
}
