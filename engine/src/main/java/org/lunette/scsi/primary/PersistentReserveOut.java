package org.lunette.scsi.primary;

import java.nio.ByteBuffer;
import java.util.List;
import org.lunette.command.AdditionalSense;
import org.lunette.command.Command;
import org.lunette.command.Nexus;
import org.lunette.command.ScsiStatus;
import org.lunette.command.SenseKey;
import org.lunette.scsi.path.PathNeed;
import org.lunette.scsi.reservation.PersistentReservations;
import org.lunette.scsi.reservation.PersistentReservations.Loss;
import org.lunette.scsi.reservation.PersistentReservations.Notice;
import org.lunette.scsi.reservation.PersistentReservations.Result;
import org.lunette.scsi.reservation.ReservationType;
import org.lunette.scsi.reservation.Reservations;
import org.lunette.scsi.table.Opcode;
import org.lunette.scsi.table.OpcodeTable;
import org.lunette.scsi.task.NexusTable;
import org.lunette.scsi.task.Task;
import org.lunette.scsi.task.UnitAttention;

/**
 * PERSISTENT RESERVE OUT; SPC-5. SPEC_I_PT is refused, and so are ALL_TG_PT and APTPL by the service actions that
 * register and would have to heed them, as REPORT CAPABILITIES says: registrations do not outlive a power loss. The
 * other service actions ignore these two.
 */
public final class PersistentReserveOut implements OpcodeTable.Source {
    private static final int LU_SCOPE = 0;
    private static final int SERVICE_ACTION_BITS = 0x1f;
    private static final int LIST_BYTES = 24;
    private static final int FLAGS_OFFSET = 20;
    private static final int SPEC_I_PT = 0x08;
    private static final int ALL_TG_PT = 0x04;
    private static final int APTPL = 0x01;
    private static final int REGISTER = 0x00;
    private static final int REGISTER_AND_IGNORE = 0x06;

    private final PersistentReservations reservations;
    private final Reservations all;
    private final NexusTable nexuses;
    private final TaskAborts taskAborts;

    public PersistentReserveOut(Reservations reservations, NexusTable nexuses, TaskAborts taskAborts) {
        this.all = reservations;
        this.reservations = reservations.persistent();
        this.nexuses = nexuses;
        this.taskAborts = taskAborts;
    }

    /** A service action: changes the reservations, or refuses to. */
    @FunctionalInterface
    private interface Action {
        Result perform(Nexus nexus, long key, long actionKey, ReservationType type);
    }

    @Override
    public void declare(List<Opcode> commands) {
        add(
                commands,
                "REGISTER",
                "00 00",
                (nexus, key, actionKey, type) -> reservations.register(nexus, key, actionKey, false));
        add(commands, "RESERVE", "01 ff", (nexus, key, actionKey, type) -> reservations.reserve(nexus, key, type));
        add(commands, "RELEASE", "02 ff", (nexus, key, actionKey, type) -> reservations.release(nexus, key, type));
        add(commands, "CLEAR", "03 00", (nexus, key, actionKey, type) -> reservations.clear(nexus, key));
        add(commands, "PREEMPT", "04 ff", reservations::preempt);
        add(commands, "PREEMPT AND ABORT", "05 ff", reservations::preempt);
        add(
                commands,
                "REGISTER AND IGNORE EXISTING KEY",
                "06 00",
                (nexus, key, actionKey, type) -> reservations.register(nexus, key, actionKey, true));
    }

    private void add(List<Opcode> commands, String name, String actionAndType, Action action) {
        boolean aborts = actionAndType.startsWith("05");
        commands.add(Opcode.named("PERSISTENT RESERVE OUT, " + name, "5f " + actionAndType + " 00 00 ff ff ff ff 00")
                .withServiceAction()
                .dataOut()
                .length(5, 4)
                .needs(PathNeed.STANDBY)
                .handledBy(task -> perform(task, action, aborts)));
    }

    private void perform(Task task, Action action, boolean aborts) {
        Command command = task.command();
        if (command.cdb32(5) != LIST_BYTES) {
            task.parameterListTooShort();
            return;
        }
        ByteBuffer list = parameterList(task);
        if (list == null) {
            return;
        }
        int scope = command.cdb8(2) >> 4;
        ReservationType type = scope == LU_SCOPE ? ReservationType.ofCode(command.cdb8(2)) : null;
        Nexus nexus = task.nexus().nexus();
        Result result = all.perform(() -> action.perform(nexus, list.getLong(0), list.getLong(8), type));
        finish(task, result, aborts);
    }

    /** The parameter list; null if it is in error, and the task has ended. */
    private static ByteBuffer parameterList(Task task) {
        byte[] list = new byte[LIST_BYTES];
        task.command().setTransferBytes(LIST_BYTES);
        if (task.command().dataOut(list, LIST_BYTES) < LIST_BYTES) {
            task.parameterListTooShort();
            return null;
        }
        int action = task.command().cdb8(1) & SERVICE_ACTION_BITS;
        boolean registers = action == REGISTER || action == REGISTER_AND_IGNORE;
        int refused = list[FLAGS_OFFSET] & (registers ? SPEC_I_PT | ALL_TG_PT | APTPL : SPEC_I_PT);
        if (refused != 0) {
            task.invalidParameter(FLAGS_OFFSET, 31 - Integer.numberOfLeadingZeros(refused));
            return null;
        }
        return ByteBuffer.wrap(list);
    }

    private void finish(Task task, Result result, boolean aborts) {
        switch (result.outcome()) {
            case CONFLICT -> task.end(ScsiStatus.RESERVATION_CONFLICT);
            case INVALID_RELEASE ->
                task.fail(SenseKey.ILLEGAL_REQUEST, AdditionalSense.INVALID_RELEASE_OF_PERSISTENT_RESERVATION);
            case INVALID_TYPE -> task.invalidCdb(2, 7);
            case INVALID_KEY -> task.invalidParameter(8, -1);
            case NO_RESOURCES ->
                task.fail(SenseKey.ILLEGAL_REQUEST, AdditionalSense.INSUFFICIENT_REGISTRATION_RESOURCES);
            default -> {
                if (aborts) {
                    taskAborts.clear(
                            nexus -> lost(result, nexus),
                            task.nexus().nexus(),
                            task,
                            () -> preempted(result),
                            task::good);
                } else {
                    raise(result);
                    task.good();
                }
            }
        }
    }

    private void preempted(Result result) {
        nexuses.allowRemoval(nexus -> lost(result, nexus));
        raise(result);
    }

    private static boolean lost(Result result, Nexus nexus) {
        return result.notices().stream()
                .anyMatch(notice -> notice.loss() == Loss.REGISTRATION_PREEMPTED
                        && notice.registration().isOf(nexus));
    }

    private void raise(Result result) {
        result.notices().forEach(this::raise);
    }

    private void raise(Notice notice) {
        UnitAttention attention = switch (notice.loss()) {
            case RESERVATION_PREEMPTED -> UnitAttention.RESERVATIONS_PREEMPTED;
            case RESERVATION_RELEASED -> UnitAttention.RESERVATIONS_RELEASED;
            case REGISTRATION_PREEMPTED -> UnitAttention.REGISTRATIONS_PREEMPTED;
        };
        nexuses.raise(attention, notice.registration()::isOf);
    }
}
