package org.lunette.scsi.primary;

import java.util.List;
import org.lunette.scsi.page.ModePage;

/** The mode pages that every device type has, and what of them changes the unit's behaviour; SPC-5. */
public final class ControlPage {
    private static final int D_SENSE = 0x04;
    private static final int SWP = 0x08;

    private volatile boolean descriptorSense;
    private volatile boolean softwareWriteProtect;

    // TAS 1: commands that another nexus aborts end with TASK ABORTED, so that their initiator need not wait for its
    // own timeout.
    // QUEUE ALGORITHM MODIFIER 1: tasks run in any order. BUSY TIMEOUT PERIOD FFFFh: no limit. How long an
    // extended self-test takes depends on the store, and is not stated.
    private final ModePage control = new ModePage(
            "Control", "0a 0a 00 10 00 40 00 00 ff ff 00 00", "00 00 04 00 08 00 00 00 00 00 00 00", this::changed);
    // TCMOS and SCSIP: the host's clock gives the time until SET TIMESTAMP does, whose word then stands.
    private final ModePage extension = ModePage.fixed("Control Extension", "4a 01 00 1c 06" + " 00".repeat(27));
    // The transport's own limits, and no others.
    private final ModePage disconnect = ModePage.fixed("Disconnect-Reconnect", "02 0e" + " 00".repeat(14));
    // No timer moves the unit to another power condition.
    private final ModePage power = ModePage.fixed("Power Condition", "1a 26" + " 00".repeat(38));
    // DEXCPT: informational exceptions are not reported.
    private final ModePage exceptions =
            ModePage.fixed("Informational Exceptions Control", "1c 0a 08 00 00 00 00 00 00 00 00 00");

    private void changed(byte[] current) {
        descriptorSense = (current[2] & D_SENSE) != 0;
        softwareWriteProtect = (current[4] & SWP) != 0;
    }

    /** The declarations. */
    public List<ModePage> pages() {
        return List.of(control, extension, disconnect, power, exceptions);
    }

    /** Whether sense data is to be in descriptor format. */
    public boolean descriptorSense() {
        return descriptorSense;
    }

    /** Whether an initiator has forbidden writes. */
    public boolean softwareWriteProtect() {
        return softwareWriteProtect;
    }
}
