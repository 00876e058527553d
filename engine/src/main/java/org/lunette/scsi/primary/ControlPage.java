package org.lunette.scsi.primary;

import java.util.List;
import org.lunette.command.QueueError;
import org.lunette.scsi.page.ModePage;
import org.lunette.scsi.task.TaskSet;

/** The mode pages that every device type has, and what of them changes the unit's behaviour; SPC-5. */
public final class ControlPage {
    private static final int TST = 0xe0;
    private static final int D_SENSE = 0x04;
    private static final int QUEUE_ALGORITHM = 0xf0;
    private static final int SWP = 0x08;
    private static final int UA_INTERLOCK = 0x30;
    private static final int UA_INTERLOCK_RESERVED = 0x10;
    private static final int UA_KEPT = 0x20;
    private static final int UA_KEPT_AND_ESTABLISHED = 0x30;
    private static final int TAS = 0x40;
    private static final int QERR = 0x06;
    private static final int QERR_ALL = 0x02;
    private static final int QERR_RESERVED = 0x04;
    private static final int QERR_OF_NEXUS = 0x06;

    private volatile boolean descriptorSense;
    private volatile boolean softwareWriteProtect;
    private volatile boolean taskAbortedStatus;
    private volatile QueueError queueError;
    private volatile boolean taskSetPerNexus;
    private volatile boolean keepsAttentions;
    private final TaskSet ownSet;

    private final ModePage control;
    // TCMOS and SCSIP: the host's clock gives the time until SET TIMESTAMP does, whose word then stands.
    private final ModePage extension = ModePage.fixed("Control Extension", "4a 01 00 1c 06" + " 00".repeat(27));
    // The transport's own limits, and no others.
    private final ModePage disconnect = ModePage.fixed("Disconnect-Reconnect", "02 0e" + " 00".repeat(14));
    // No timer moves the unit to another power condition.
    private final ModePage power = ModePage.fixed("Power Condition", "1a 26" + " 00".repeat(38));
    // DEXCPT: informational exceptions are not reported.
    private final ModePage exceptions =
            ModePage.fixed("Informational Exceptions Control", "1c 0a 08 00 00 00 00 00 00 00 00 00");

    /**
     * @param ownSet the unit's task set; null if the transport orders and aborts tasks itself: it keeps to one task
     *     set, TAS 1, QERR 0 and UA_INTLCK_CTRL 00b
     */
    public ControlPage(TaskSet ownSet) {
        this.ownSet = ownSet;
        // QUEUE ALGORITHM MODIFIER 1: SIMPLE tasks run in any order. BUSY TIMEOUT PERIOD FFFFh: no limit. How long an
        // extended self-test takes depends on the store, and is not stated.
        this.control = new ModePage(
                "Control",
                "0a 0a 00 10 00 40 00 00 ff ff 00 00",
                ownSet != null ? "00 00 24 16 38 40 00 00 00 00 00 00" : "00 00 04 00 08 00 00 00 00 00 00 00",
                ControlPage::firstReserved,
                this::changed);
    }

    private static int firstReserved(byte[] values) {
        if ((values[3] & QERR) == QERR_RESERVED) {
            return 3;
        }
        return (values[4] & UA_INTERLOCK) == UA_INTERLOCK_RESERVED ? 4 : -1;
    }

    private void changed(byte[] current) {
        taskSetPerNexus = (current[2] & TST) != 0;
        descriptorSense = (current[2] & D_SENSE) != 0;
        softwareWriteProtect = (current[4] & SWP) != 0;
        taskAbortedStatus = (current[5] & TAS) != 0;
        queueError = switch (current[3] & QERR) {
            case QERR_ALL -> taskSetPerNexus ? QueueError.OF_NEXUS : QueueError.ALL;
            case QERR_OF_NEXUS -> QueueError.OF_NEXUS;
            default -> QueueError.NONE;
        };
        keepsAttentions = (current[4] & UA_KEPT) != 0;
        if (ownSet != null) {
            ownSet.rememberRefusals((current[4] & UA_INTERLOCK) == UA_KEPT_AND_ESTABLISHED);
            ownSet.order().keep(taskSetPerNexus, (current[3] & QUEUE_ALGORITHM) == 0);
        }
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

    /** Whether commands that another nexus aborts end with TASK ABORTED, or else without status: TAS. */
    public boolean taskAbortedStatus() {
        return taskAbortedStatus;
    }

    /**
     * Whether a unit attention condition that was reported with CHECK CONDITION stays, until REQUEST SENSE:
     * UA_INTLCK_CTRL.
     */
    public boolean keepsAttentions() {
        return keepsAttentions;
    }

    /** Whether each nexus has a task set of its own, or else all of them share one: TST. */
    public boolean taskSetPerNexus() {
        return taskSetPerNexus;
    }

    /** Which commands are aborted when one ends with CHECK CONDITION: QERR. */
    public QueueError queueError() {
        return queueError;
    }
}
