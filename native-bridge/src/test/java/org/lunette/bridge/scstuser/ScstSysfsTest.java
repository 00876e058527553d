package org.lunette.bridge.scstuser;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScstSysfsTest {
    @Test
    void relativeTargetPortsAreFoundByTheTargetsName(@TempDir Path targets) throws IOException {
        Path target = Files.createDirectories(targets.resolve("iscsi/iqn.2026-11.org:t"));
        Files.createDirectories(targets.resolve("copy_manager"));
        Files.writeString(target.resolve("rel_tgt_id"), "7\n[key]\n");
        assertEquals(7, ScstSysfs.relativeTargetPort(targets, "iqn.2026-11.org:t"));
        assertEquals(1, ScstSysfs.relativeTargetPort(targets, "another"));
        Files.writeString(target.resolve("rel_tgt_id"), "0\n");
        assertEquals(1, ScstSysfs.relativeTargetPort(targets, "iqn.2026-11.org:t"));
        Files.writeString(target.resolve("rel_tgt_id"), "none\n");
        assertEquals(1, ScstSysfs.relativeTargetPort(targets, "iqn.2026-11.org:t"));
        assertEquals(1, ScstSysfs.relativeTargetPort(targets.resolve("missing"), "iqn.2026-11.org:t"));
    }
}
