package org.lunette.scsi.copy;

import java.util.List;
import org.lunette.command.ScsiStatus;
import org.lunette.scsi.page.PageBuffer;
import org.lunette.scsi.reservation.Access;
import org.lunette.scsi.table.Opcode;
import org.lunette.scsi.table.OpcodeTable;
import org.lunette.scsi.task.Task;

/** RECEIVE ROD TOKEN INFORMATION; SPC-5. */
final class RodTokenInformation implements OpcodeTable.Source {
    static final int SERVICE_ACTION = 0x07;

    private static final int LENGTH_FIELD = 10;
    private static final long NO_FURTHER_UPDATE = 0xffff_ffffL;
    private static final int UPDATE_DELAY_MS = 100;
    /** TRANSFER COUNT UNITS: logical blocks. */
    private static final int BLOCKS = 0xf1;

    private final CopyDevice own;
    private final CopyResults results;

    RodTokenInformation(CopyDevice own, CopyResults results) {
        this.own = own;
        this.results = results;
    }

    @Override
    public void declare(List<Opcode> commands) {
        commands.add(Opcode.named("RECEIVE ROD TOKEN INFORMATION", "84 07 ff ff ff ff 00 00 00 00 ff ff ff ff 00 00")
                .withServiceAction()
                .access(Access.READ)
                .length(LENGTH_FIELD, 4)
                .handledBy(this::receive));
    }

    private void receive(Task task) {
        ListIdentifier id = ListIdentifier.ofFourBytes(task.command().cdb32(2));
        CopyOperation operation = results.find(task.command().nexus(), id);
        if (operation == null) {
            task.invalidCdb(2, -1);
            return;
        }
        PageBuffer data = describe(operation);
        data.set32(0, data.length() - 4);
        task.good(data.array(), data.length(), task.command().cdb32(LENGTH_FIELD));
    }

    private PageBuffer describe(CopyOperation operation) {
        int status = operation.status(); // first: if it has ended, all the rest is final
        boolean underWay =
                status == CopyOperation.IN_PROGRESS_FOREGROUND || status == CopyOperation.IN_PROGRESS_BACKGROUND;
        byte[] sense = underWay ? new byte[0] : operation.sense();
        int senseField = sense.length + 3 & -4;
        PageBuffer data = new PageBuffer()
                .zeros(4)
                .put8(operation.serviceAction())
                .put8(status)
                .put16(0)
                .put32(underWay ? UPDATE_DELAY_MS : NO_FURTHER_UPDATE)
                .put8(sense.length == 0 ? ScsiStatus.GOOD.code() : ScsiStatus.CHECK_CONDITION.code())
                .put8(senseField)
                .put8(sense.length)
                .put8(BLOCKS)
                .put64(operation.transferredBytes() / own.blockBytes())
                .put16(operation.segmentsProcessed())
                .zeros(6)
                .put(sense)
                .zeros(senseField - sense.length);
        RodToken token = status == CopyOperation.COMPLETED ? operation.token() : null;
        if (token == null) {
            return data.put32(0);
        }
        return data.put32(2 + RodToken.LENGTH_BYTES).put16(0).put(token.bytes());
    }
}
