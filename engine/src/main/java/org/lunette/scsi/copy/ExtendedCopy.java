package org.lunette.scsi.copy;

import java.util.List;
import org.lunette.command.Command;
import org.lunette.command.ScsiStatus;
import org.lunette.scsi.reservation.Access;
import org.lunette.scsi.table.Opcode;
import org.lunette.scsi.table.OpcodeTable;
import org.lunette.scsi.task.Task;

/**
 * EXTENDED COPY(LID1); SPC-5. Segments are processed one after another, whatever STR says, and PRIORITY is not needed:
 * a copy never keeps a unit to itself.
 */
final class ExtendedCopy implements OpcodeTable.Source {
    static final int CODE = 0x83;
    static final int LID1 = 0x00;

    private static final int LENGTH_FIELD = 10;
    private static final int COPY_TIMEOUT_S = 600;

    private final CopyManager manager;
    private final CopyDevice own;
    private final CopyResults results;

    ExtendedCopy(CopyManager manager, CopyDevice own, CopyResults results) {
        this.manager = manager;
        this.own = own;
        this.results = results;
    }

    @Override
    public void declare(List<Opcode> commands) {
        commands.add(Opcode.named("EXTENDED COPY(LID1)", "83 00 00 00 00 00 00 00 00 00 ff ff ff ff 00 00")
                .withServiceAction()
                .dataOut()
                .length(LENGTH_FIELD, 4)
                .access(Access.WRITE)
                .timeoutS(COPY_TIMEOUT_S)
                .handledBy(this::copy));
    }

    private void copy(Task task) {
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
        byte[] bytes = new byte[CopyList.MAX_BYTES];
        command.dataOut(bytes, bytes.length);
        try {
            start(task, CopyList.parse(bytes, Math.min(announced, command.dataBytes())));
        } catch (CopyFailure failure) {
            failure.end(task);
        }
    }

    private void start(Task task, CopyList list) {
        ListIdentifier id = ListIdentifier.ofOneByte(list.listIdentifier());
        CopyOperation operation = new CopyOperation(task.command().nexus(), id, LID1, false, task.descriptorSense());
        if (list.usage() != CopyList.NO_LIST_IDENTIFIER && !Admission.entered(task, results, operation)) {
            return;
        }
        SegmentPlan plan = new SegmentPlan(manager, own, list, operation);
        Copy copy = new Copy(manager, plan, operation, task, CopyOperation.COMPLETED);
        if (list.usage() == CopyList.DISCARD) {
            copy.whenGood(() -> results.remove(operation));
        }
        if (manager.admit(copy)) {
            manager.start(copy);
        } else {
            results.remove(operation);
            task.end(ScsiStatus.BUSY);
        }
    }
}
