package org.lunette.scsi.primary;

import java.nio.ByteBuffer;
import java.util.List;
import org.lunette.command.AdditionalSense;
import org.lunette.command.Nexus;
import org.lunette.command.ScsiStatus;
import org.lunette.command.SenseKey;
import org.lunette.scsi.path.PathNeed;
import org.lunette.scsi.path.TargetPorts;
import org.lunette.scsi.reservation.ActionResult;
import org.lunette.scsi.reservation.ActionResult.Outcome;
import org.lunette.scsi.reservation.RegisterRequest;
import org.lunette.scsi.reservation.ReservationType;
import org.lunette.scsi.reservation.Reservations;
import org.lunette.scsi.reservation.ServiceAction;
import org.lunette.scsi.reservation.ServiceActions;
import org.lunette.scsi.table.Opcode;
import org.lunette.scsi.table.OpcodeHandler;
import org.lunette.scsi.table.OpcodeTable;
import org.lunette.scsi.task.NexusTable;
import org.lunette.scsi.task.Task;

/**
 * PERSISTENT RESERVE OUT; SPC-5, 6.17. APTPL is refused where nothing is kept, by the service actions that have to heed
 * it; others ignore it, and ALL_TG_PT. SPEC_I_PT is for REGISTER alone.
 */
public final class PersistentReserveOut implements OpcodeTable.Source {
    private static final int LU_SCOPE = 0;
    private static final int UNREG = 0x02;

    private final Reservations reservations;
    private final RegistrationList lists;
    private final ReservationNotices notices;
    private final TaskAborts taskAborts;

    public PersistentReserveOut(
            Reservations reservations,
            NexusTable nexuses,
            TargetPorts ports,
            ReservationNotices notices,
            TaskAborts taskAborts) {
        this.reservations = reservations;
        this.lists = new RegistrationList(ports, nexuses);
        this.notices = notices;
        this.taskAborts = taskAborts;
    }

    /** A service action with the basic parameter list. */
    @FunctionalInterface
    private interface Basic {
        ServiceAction of(Nexus nexus, long key, long actionKey, ReservationType type);
    }

    @Override
    public void declare(List<Opcode> commands) {
        add(commands, "REGISTER", "00 00", task -> register(task, false));
        add(
                commands,
                "RESERVE",
                "01 ff",
                task -> basic(task, (nexus, key, actionKey, type) -> ServiceActions.reserve(nexus, key, type)));
        add(
                commands,
                "RELEASE",
                "02 ff",
                task -> basic(task, (nexus, key, actionKey, type) -> ServiceActions.release(nexus, key, type)));
        add(
                commands,
                "CLEAR",
                "03 00",
                task -> basic(task, (nexus, key, actionKey, type) -> ServiceActions.clear(nexus, key)));
        add(commands, "PREEMPT", "04 ff", task -> basic(task, ServiceActions::preempt));
        add(commands, "PREEMPT AND ABORT", "05 ff", this::preemptAndAbort);
        add(commands, "REGISTER AND IGNORE EXISTING KEY", "06 00", task -> register(task, true));
        add(commands, "REGISTER AND MOVE", "07 00", this::move);
        add(commands, "REPLACE LOST RESERVATION", "08 ff", PersistentReserveOut::replaceLost);
    }

    private static void add(List<Opcode> commands, String name, String actionAndType, OpcodeHandler handler) {
        commands.add(Opcode.named("PERSISTENT RESERVE OUT, " + name, "5f " + actionAndType + " 00 00 ff ff ff ff 00")
                .withServiceAction()
                .dataOut()
                .length(5, 4)
                .needs(PathNeed.STANDBY)
                .handledBy(handler));
    }

    private void basic(Task task, Basic action) {
        ServiceAction wanted = basicAction(task, action);
        if (wanted != null) {
            perform(task, wanted);
        }
    }

    private void preemptAndAbort(Task task) {
        ServiceAction wanted = basicAction(task, ServiceActions::preempt);
        if (wanted != null) {
            reservations.perform(unlessAborted(task, wanted), result -> finishAborting(task, result));
        }
    }

    /** Null if the parameter list is in error, and the task has ended. */
    private static ServiceAction basicAction(Task task, Basic action) {
        ByteBuffer list = basicList(task);
        if (list == null) {
            return null;
        }
        int scope = task.command().cdb8(2) >> 4;
        ReservationType type =
                scope == LU_SCOPE ? ReservationType.ofCode(task.command().cdb8(2)) : null;
        Nexus nexus = task.nexus().nexus();
        return action.of(nexus, list.getLong(RegistrationList.KEY), list.getLong(RegistrationList.ACTION_KEY), type);
    }

    private static ByteBuffer basicList(Task task) {
        ByteBuffer list = RegistrationList.read(task, RegistrationList.BASIC_BYTES);
        if (list == null) {
            return null;
        }
        if ((list.get(RegistrationList.FLAGS) & RegistrationList.SPEC_I_PT) != 0) {
            task.invalidParameter(RegistrationList.FLAGS, RegistrationList.SPEC_I_PT_BIT);
            return null;
        }
        if (list.limit() != RegistrationList.BASIC_BYTES) {
            task.parameterListTooShort();
            return null;
        }
        return list;
    }

    private void register(Task task, boolean ignoreKey) {
        ByteBuffer list = RegistrationList.read(task, RegistrationList.BASIC_BYTES);
        if (list == null) {
            return;
        }
        Nexus nexus = task.nexus().nexus();
        try {
            if (ignoreKey && (list.get(RegistrationList.FLAGS) & RegistrationList.SPEC_I_PT) != 0) {
                throw new InvalidParameter(RegistrationList.FLAGS, RegistrationList.SPEC_I_PT_BIT);
            }
            if (!RegistrationList.hasItsLength(list)) {
                task.parameterListTooShort();
                return;
            }
            RegisterRequest request = new RegisterRequest(
                    nexus,
                    lists.otherPorts(list, nexus),
                    lists.specified(list, nexus),
                    list.getLong(RegistrationList.KEY),
                    list.getLong(RegistrationList.ACTION_KEY),
                    ignoreKey,
                    persists(list, RegistrationList.FLAGS));
            perform(task, ServiceActions.register(request));
        } catch (InvalidParameter e) {
            task.invalidParameter(e.fieldByte(), e.bit());
        }
    }

    private boolean persists(ByteBuffer list, int flagsAt) throws InvalidParameter {
        boolean persists = (list.get(flagsAt) & RegistrationList.APTPL) != 0;
        if (persists && !reservations.persistent().canPersist()) {
            throw new InvalidParameter(flagsAt, 0);
        }
        return persists;
    }

    private void move(Task task) {
        ByteBuffer list = RegistrationList.read(task, RegistrationList.MOVE_TRANSPORT_ID);
        if (list == null) {
            return;
        }
        if (!RegistrationList.hasItsMoveLength(list)) {
            task.parameterListTooShort();
            return;
        }
        Nexus nexus = task.nexus().nexus();
        try {
            boolean persists = persists(list, RegistrationList.MOVE_FLAGS);
            Nexus to = lists.destination(list, nexus);
            boolean unregisters = (list.get(RegistrationList.MOVE_FLAGS) & UNREG) != 0;
            long key = list.getLong(RegistrationList.KEY);
            long newKey = list.getLong(RegistrationList.ACTION_KEY);
            perform(task, ServiceActions.move(nexus, key, to, newKey, unregisters, persists));
        } catch (InvalidParameter e) {
            task.invalidParameter(e.fieldByte(), e.bit());
        }
    }

    /** No reservation is ever lost: a unit whose kept ones are damaged does not start. */
    private static void replaceLost(Task task) {
        if (basicList(task) != null) {
            task.fail(SenseKey.ILLEGAL_REQUEST, AdditionalSense.INVALID_RELEASE_OF_PERSISTENT_RESERVATION);
        }
    }

    private void perform(Task task, ServiceAction action) {
        reservations.perform(unlessAborted(task, action), result -> finish(task, result));
    }

    private static ServiceAction unlessAborted(Task task, ServiceAction action) {
        return state -> task.command().isAborted() ? ActionResult.refused(Outcome.ABORTED) : action.on(state);
    }

    private void finish(Task task, ActionResult result) {
        notices.raise(result);
        if (!refused(task, result) && !task.endedByAbort()) {
            task.good();
        }
    }

    private void finishAborting(Task task, ActionResult result) {
        if (!refused(task, result)) {
            taskAborts.clear(
                    result::unregisters,
                    task.nexus().nexus(),
                    task,
                    () -> notices.raiseAndAllowRemoval(result),
                    task::good);
        }
    }

    /** Ends the task if the action was refused. */
    private static boolean refused(Task task, ActionResult result) {
        switch (result.outcome()) {
            case DONE -> {
                return false;
            }
            case CONFLICT -> task.end(ScsiStatus.RESERVATION_CONFLICT);
            case INVALID_RELEASE ->
                task.fail(SenseKey.ILLEGAL_REQUEST, AdditionalSense.INVALID_RELEASE_OF_PERSISTENT_RESERVATION);
            case INVALID_TYPE -> task.invalidCdb(2, 7);
            case INVALID_KEY -> task.invalidParameter(RegistrationList.ACTION_KEY, -1);
            case INVALID_SPECIFICATION -> task.invalidParameter(RegistrationList.FLAGS, RegistrationList.SPEC_I_PT_BIT);
            case INVALID_DESTINATION -> task.invalidParameter(RegistrationList.MOVE_TRANSPORT_ID, -1);
            case NO_RESOURCES ->
                task.fail(SenseKey.ILLEGAL_REQUEST, AdditionalSense.INSUFFICIENT_REGISTRATION_RESOURCES);
            case NOT_KEPT -> task.fail(SenseKey.HARDWARE_ERROR, AdditionalSense.INTERNAL_TARGET_FAILURE);
            case ABORTED -> task.end(ScsiStatus.TASK_ABORTED);
        }
        return true;
    }
}
