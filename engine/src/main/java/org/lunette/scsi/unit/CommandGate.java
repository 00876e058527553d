package org.lunette.scsi.unit;

import org.lunette.command.AdditionalSense;
import org.lunette.command.Command;
import org.lunette.command.DataDirection;
import org.lunette.command.ScsiStatus;
import org.lunette.command.SenseKey;
import org.lunette.scsi.block.Medium;
import org.lunette.scsi.path.AccessState;
import org.lunette.scsi.path.TargetPortGroups;
import org.lunette.scsi.primary.ControlPage;
import org.lunette.scsi.readiness.Readiness;
import org.lunette.scsi.reservation.Access;
import org.lunette.scsi.reservation.Reservations;
import org.lunette.scsi.table.Opcode;
import org.lunette.scsi.table.OpcodeTable;
import org.lunette.scsi.task.AttentionQueue;
import org.lunette.scsi.task.NexusState;
import org.lunette.scsi.task.Task;
import org.lunette.scsi.task.UnitAttention;

/**
 * What is checked of every command before its handler runs, by what the table says of it. The order is that of SAM-5,
 * 5.3.3, and of SPC-5: what concerns the unit first, then the CDB, then the medium.
 */
final class CommandGate {
    private static final int FIELD_OF_SERVICE_ACTION = 1;
    private static final int BIT_OF_SERVICE_ACTION = 4;

    private final OpcodeTable table;
    private final Medium medium;
    private final ControlPage control;
    private final Reservations reservations;
    private final Readiness readiness;
    private final StoreWatch watch;
    private final TargetPortGroups paths;

    CommandGate(
            OpcodeTable table,
            Medium medium,
            ControlPage control,
            Reservations reservations,
            Readiness readiness,
            StoreWatch watch,
            TargetPortGroups paths) {
        this.table = table;
        this.medium = medium;
        this.control = control;
        this.reservations = reservations;
        this.readiness = readiness;
        this.watch = watch;
        this.paths = paths;
    }

    /** What a task is to be handled as; null if it was refused, and has ended. */
    Opcode admit(Task task) {
        if (task.endedByAbort()) {
            return null;
        }
        Opcode opcode = table.find(task.command());
        boolean admitted = opcode == null
                ? nothingToReport(task) && known(task)
                : unitAllows(task, opcode)
                        && pathAllows(task, opcode)
                        && unitIsReady(task, opcode)
                        && cdbIsValid(task, opcode)
                        && mediumAllows(task, opcode);
        return admitted ? opcode : null;
    }

    /** Ends a task whose CDB is not in the table; returns false. */
    private boolean known(Task task) {
        if (table.hasServiceActions(task.command().opcode())) {
            task.invalidCdb(FIELD_OF_SERVICE_ACTION, BIT_OF_SERVICE_ACTION);
        } else {
            task.illegal(AdditionalSense.INVALID_COMMAND_OPERATION_CODE, true, 0, -1);
        }
        return false;
    }

    private boolean unitAllows(Task task, Opcode opcode) {
        NexusState nexus = task.nexus();
        boolean passes = opcode.passesAttentions();
        if (!passes && reported(task, AttentionQueue.BEFORE_RESERVATION_CONFLICT)) {
            return false;
        }
        Access access = opcode.access(task.command());
        if (reservations.conflicts(nexus.standing(), access, opcode.passesLegacyReservation(task.command()))) {
            task.end(ScsiStatus.RESERVATION_CONFLICT);
            return false;
        }
        return passes || nothingToReport(task);
    }

    private boolean pathAllows(Task task, Opcode opcode) {
        AccessState state = paths.stateFor(task.nexus().nexus());
        boolean allowed = state.satisfies(opcode.pathNeed());
        if (!allowed) {
            task.fail(SenseKey.NOT_READY, state.additionalSense());
        }
        return allowed;
    }

    private boolean unitIsReady(Task task, Opcode opcode) {
        Readiness.State state = readiness.state();
        boolean ready = state.satisfies(opcode.need());
        if (!ready) {
            readiness.refuse(task, state);
            return false;
        }
        if (watch.isSick() && watch.isStuck() && opcode.need().isOfMedium()) {
            // Not a condition that an initiator waits for: it goes to another path, if it has one.
            task.fail(SenseKey.NOT_READY, AdditionalSense.LOGICAL_UNIT_NOT_READY_CAUSE_NOT_REPORTABLE);
            return false;
        }
        return true;
    }

    private boolean nothingToReport(Task task) {
        return !reported(task, AttentionQueue.ALL);
    }

    private boolean reported(Task task, int mask) {
        if (!task.nexus().attentions().has(mask)) {
            return false;
        }
        if (task.endedByAbort()) {
            return true; // by what raised the condition: it is for a command that comes after
        }
        UnitAttention attention =
                control.keepsAttentions() ? task.nexus().attentions().first(mask) : task.takeAttention(mask);
        if (attention == null) {
            return false;
        }
        task.fail(SenseKey.UNIT_ATTENTION, attention.additionalSense());
        return true;
    }

    private static boolean cdbIsValid(Task task, Opcode opcode) {
        Command command = task.command();
        if (opcode.isDataOut(command) && command.direction() == DataDirection.IN) {
            // The initiator waits for data that the command does not have. Not a condition that a retry would cure.
            task.fail(SenseKey.ILLEGAL_REQUEST, AdditionalSense.INVALID_FIELD_IN_CDB);
            return false;
        }
        int refused = opcode.firstRefusedByte(command);
        if (refused < 0) {
            return true;
        }
        int bits = command.cdb8(refused) & opcode.refusedMask(refused);
        task.invalidCdb(refused, 31 - Integer.numberOfLeadingZeros(bits));
        return false;
    }

    private boolean mediumAllows(Task task, Opcode opcode) {
        if (opcode.writes() && (medium.readOnly() || control.softwareWriteProtect())) {
            task.fail(SenseKey.DATA_PROTECT, AdditionalSense.WRITE_PROTECTED);
            return false;
        }
        return !opcode.isRanged() || rangeIsValid(task, opcode);
    }

    private boolean rangeIsValid(Task task, Opcode opcode) {
        Command command = task.command();
        long lba = opcode.lba(command);
        long blocks = opcode.blocks(command);
        if (!medium.contains(lba, blocks)) {
            task.fail(SenseKey.ILLEGAL_REQUEST, AdditionalSense.LOGICAL_BLOCK_ADDRESS_OUT_OF_RANGE);
            return false;
        }
        if (opcode.isLimited() && blocks > medium.maxTransferBlocks()) {
            task.invalidCdb(opcode.blocksOffset(), 7);
            return false;
        }
        task.setRange(lba, blocks == 0 && opcode.isToTheEnd() ? medium.blocksFrom(lba) : blocks);
        return true;
    }
}
