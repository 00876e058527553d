package org.lunette.scsi.primary;

import java.util.List;
import java.util.function.Supplier;
import org.lunette.command.Command;
import org.lunette.scsi.page.PageBuffer;
import org.lunette.scsi.path.PathNeed;
import org.lunette.scsi.reservation.Access;
import org.lunette.scsi.table.Opcode;
import org.lunette.scsi.table.OpcodeTable;
import org.lunette.scsi.task.Task;

/** REPORT SUPPORTED OPERATION CODES and REPORT SUPPORTED TASK MANAGEMENT FUNCTIONS; SPC-5. */
public final class SupportedCommands implements OpcodeTable.Source {
    private static final int RCTD = 0x80;
    private static final int SERVACTV = 0x01;
    private static final int CTDP_OF_MANY = 0x02;
    private static final int CTDP_OF_ONE = 0x80;
    private static final int NOT_SUPPORTED = 0x1;
    private static final int SUPPORTED = 0x3;
    private static final int TIMEOUTS_BYTES = 12;

    private static final int ALL = 0;
    private static final int ONE_WITHOUT_SERVICE_ACTION = 1;
    private static final int ONE_WITH_SERVICE_ACTION = 2;
    private static final int ONE_EITHER_WAY = 3;

    private static final int REPD = 0x80;
    // ABORT TASK, ABORT TASK SET, CLEAR TASK SET, LOGICAL UNIT RESET, target reset.
    private static final int FUNCTIONS = 0x80 | 0x40 | 0x10 | 0x08 | 0x02;
    // CLEAR ACA and QUERY TASK; QUERY ASYNCHRONOUS EVENT, QUERY TASK SET, I_T NEXUS RESET.
    private static final int OF_OWN_TASK_SET = 0x20 | 0x04;
    private static final int MORE_OF_OWN_TASK_SET = 0x04 | 0x02 | 0x01;

    private final Supplier<OpcodeTable> table;
    private final boolean ownTaskSet;

    /**
     * @param table of the unit, once it is complete
     * @param ownTaskSet whether the unit manages its task set, or else the transport
     */
    public SupportedCommands(Supplier<OpcodeTable> table, boolean ownTaskSet) {
        this.table = table;
        this.ownTaskSet = ownTaskSet;
    }

    @Override
    public void declare(List<Opcode> commands) {
        commands.add(Opcode.named("REPORT SUPPORTED OPERATION CODES", "a3 0c 87 ff ff ff ff ff ff ff 00 00")
                .withServiceAction()
                .access(Access.READ)
                .length(6, 4)
                .needs(PathNeed.STANDBY)
                .handledBy(this::reportOpcodes));
        commands.add(Opcode.named("REPORT SUPPORTED TASK MANAGEMENT FUNCTIONS", "a3 0d 80 00 00 00 ff ff ff ff 00 00")
                .withServiceAction()
                .access(Access.READ)
                .length(6, 4)
                .needs(PathNeed.STANDBY)
                .handledBy(this::reportFunctions));
    }

    private void reportOpcodes(Task task) {
        Command command = task.command();
        boolean timeouts = (command.cdb8(2) & RCTD) != 0;
        int options = command.cdb8(2) & 0x07;
        int code = command.cdb8(3);
        boolean hasActions = table.get().hasServiceActions(code);
        boolean hasNone = !hasActions && table.get().find(code, 0) != null;
        if (options > ONE_EITHER_WAY) {
            task.invalidCdb(2, 2);
        } else if (options == ONE_WITHOUT_SERVICE_ACTION && hasActions
                || options == ONE_WITH_SERVICE_ACTION && hasNone) {
            task.invalidCdb(2, 2);
        } else {
            PageBuffer data = new PageBuffer();
            if (options == ALL) {
                all(data, timeouts);
            } else {
                one(data, code, command.cdb16(4), options, timeouts);
            }
            task.good(data.array(), data.length(), command.cdb32(6));
        }
    }

    private void all(PageBuffer data, boolean timeouts) {
        data.zeros(4);
        for (Opcode opcode : table.get().all()) {
            int flags = (opcode.hasServiceAction() ? SERVACTV : 0) | (timeouts ? CTDP_OF_MANY : 0);
            data.put8(opcode.code()).put8(0).put16(Math.max(opcode.serviceAction(), 0));
            data.put8(0).put8(flags).put16(opcode.cdbBytes());
            if (timeouts) {
                timeouts(data, opcode);
            }
        }
        data.set32(0, data.length() - 4);
    }

    private void one(PageBuffer data, int code, int serviceAction, int options, boolean timeouts) {
        Opcode opcode = table.get().find(code, serviceAction);
        boolean wrongAction =
                options == ONE_EITHER_WAY && opcode != null && !opcode.hasServiceAction() && serviceAction != 0;
        if (opcode == null || wrongAction) {
            data.put8(0).put8(NOT_SUPPORTED).put16(0);
            return;
        }
        data.put8(0).put8(SUPPORTED | (timeouts ? CTDP_OF_ONE : 0)).put16(opcode.cdbBytes());
        for (int i = 0; i < opcode.cdbBytes(); i++) {
            data.put8(opcode.usage(i));
        }
        if (timeouts) {
            timeouts(data, opcode);
        }
    }

    /** The command timeouts descriptor; the nominal time is not stated. */
    private static void timeouts(PageBuffer data, Opcode opcode) {
        data.put16(TIMEOUTS_BYTES - 2).zeros(2).put32(0).put32(opcode.timeoutS());
    }

    private void reportFunctions(Task task) {
        boolean extended = (task.command().cdb8(2) & REPD) != 0;
        PageBuffer data = new PageBuffer()
                .put8(FUNCTIONS | (ownTaskSet ? OF_OWN_TASK_SET : 0))
                .put8(ownTaskSet ? MORE_OF_OWN_TASK_SET : 0)
                .zeros(extended ? 14 : 2);
        if (extended) {
            data.set8(3, 16 - 4);
        }
        task.good(data.array(), data.length(), task.command().cdb32(6));
    }
}
