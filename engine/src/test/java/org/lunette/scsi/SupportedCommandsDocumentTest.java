package org.lunette.scsi;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.lunette.scsi.path.TargetPort;
import org.lunette.scsi.path.TargetPorts;
import org.lunette.scsi.unit.LogicalUnit;

class SupportedCommandsDocumentTest {
    private static final Path DOCUMENT = Path.of(System.getProperty("basedir", "."), "../docs/supported-commands.md");

    @Test
    void theDocumentSaysWhatTheTablesSay() throws IOException {
        TargetPorts ports = new TargetPorts();
        ports.add(new TargetPort("iqn.2026-11.test:target,t,0x0001", 1, 1));
        FakeStore store = FakeStore.thin(1024);
        store.temperature(OptionalInt.of(30));
        LogicalUnit unit = LogicalUnit.builder("disk0", store)
                .removable(true)
                .targetPorts(ports)
                .keptValues(new FakeKeptValues())
                .build();
        String written = SupportedCommandsDocument.of(unit);
        if (System.getProperty("lunette.renew") != null) {
            Files.writeString(DOCUMENT, written);
        }
        assertEquals(
                written,
                Files.readString(DOCUMENT),
                "docs/supported-commands.md differs from the tables; to renew it: "
                        + SupportedCommandsDocument.RENEWAL);
    }
}
