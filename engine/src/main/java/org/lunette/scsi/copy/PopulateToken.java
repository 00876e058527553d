package org.lunette.scsi.copy;

import java.nio.ByteBuffer;
import java.util.List;
import org.lunette.command.AdditionalSense;
import org.lunette.command.Command;
import org.lunette.scsi.readiness.Need;
import org.lunette.scsi.reservation.Access;
import org.lunette.scsi.table.Opcode;
import org.lunette.scsi.table.OpcodeTable;
import org.lunette.scsi.task.Task;

/**
 * POPULATE TOKEN; SBC-4. No data is copied: from the moment when the token is made, whoever changes a block that it
 * stands for revokes it. Writes that began before may not have seen that, so the command ends after them.
 */
final class PopulateToken implements OpcodeTable.Source {
    static final int SERVICE_ACTION = 0x10;

    private static final int LENGTH_FIELD = 10;
    private static final int HEADER_BYTES = 16;
    private static final int FLAGS = 2;
    private static final int RTV = 0x02;
    private static final int IMMED = 0x01;
    private static final int INACTIVITY_TIMEOUT = 4;
    private static final int ROD_TYPE = 8;

    private final CopyManager manager;
    private final CopyDevice own;
    private final CopyResults results;
    private final PendingWrites pendingWrites;

    PopulateToken(CopyManager manager, CopyDevice own, CopyResults results, PendingWrites pendingWrites) {
        this.manager = manager;
        this.own = own;
        this.results = results;
        this.pendingWrites = pendingWrites;
    }

    @Override
    public void declare(List<Opcode> commands) {
        commands.add(Opcode.named("POPULATE TOKEN", "83 10 00 00 00 00 ff ff ff ff ff ff ff ff 00 00")
                .withServiceAction()
                .dataOut()
                .length(LENGTH_FIELD, 4)
                .access(Access.READ)
                .needs(Need.MEDIUM)
                .handledBy(this::populate));
    }

    private void populate(Task task) {
        Command command = task.command();
        long announced = command.cdb32(LENGTH_FIELD);
        command.setTransferBytes(announced);
        if (task.endedByAbort()) {
            return;
        }
        if (announced == 0) {
            task.good();
            return;
        }
        try {
            ByteBuffer list = RangeDescriptors.list(command, announced, HEADER_BYTES);
            int inactivityS = inactivityS(list);
            checkType(list);
            populate(task, RangeDescriptors.parse(list, HEADER_BYTES, own), inactivityS, isImmediate(list));
        } catch (CopyFailure failure) {
            failure.end(task);
        }
    }

    private static boolean isImmediate(ByteBuffer list) {
        return (list.get(FLAGS) & IMMED) != 0;
    }

    private static int inactivityS(ByteBuffer list) throws CopyFailure {
        int wanted = list.getInt(INACTIVITY_TIMEOUT);
        if (Integer.compareUnsigned(wanted, CopyLimits.MAX_INACTIVITY_S) > 0) {
            throw CopyFailure.invalidParameter(INACTIVITY_TIMEOUT);
        }
        return wanted == 0 ? CopyLimits.DEFAULT_INACTIVITY_S : wanted;
    }

    private static void checkType(ByteBuffer list) throws CopyFailure {
        long type = list.getInt(ROD_TYPE) & 0xffff_ffffL;
        boolean served = type == RodToken.CHANGE_VULNERABLE
                || type == RodToken.POINT_IN_TIME_DEFAULT
                || type == RodToken.POINT_IN_TIME_ANY;
        if ((list.get(FLAGS) & RTV) != 0 && !served) {
            throw CopyFailure.invalidParameter(ROD_TYPE);
        }
    }

    private void populate(Task task, List<Extent> extents, int inactivityS, boolean immediate) throws CopyFailure {
        Command command = task.command();
        ListIdentifier id = ListIdentifier.ofFourBytes(command.cdb32(6));
        CopyOperation operation =
                new CopyOperation(command.nexus(), id, SERVICE_ACTION, immediate, task.descriptorSense());
        if (!Admission.entered(task, results, operation)) {
            return;
        }
        RodToken token;
        try {
            token = manager.tokens().create(own, extents, command.nexus(), inactivityS);
        } catch (CopyFailure failure) {
            results.remove(operation);
            throw failure;
        }
        operation.setToken(token);
        pendingWrites.whenEnded(task, () -> finish(task, operation, immediate));
        if (immediate) {
            task.good();
        }
    }

    private void finish(Task task, CopyOperation operation, boolean immediate) {
        RodToken token = operation.token();
        if (!immediate && task.command().isAborted()) {
            token.invalidate(AdditionalSense.TOKEN_CANCELLED);
            operation.end(CopyOperation.TERMINATED);
            task.endedByAbort();
            return;
        }
        operation.transferred(token.lengthBytes());
        token.extents().forEach(extent -> operation.segmentProcessed());
        operation.end(CopyOperation.COMPLETED);
        if (!immediate) {
            task.good();
        }
    }
}
