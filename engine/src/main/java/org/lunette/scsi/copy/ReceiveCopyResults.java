package org.lunette.scsi.copy;

import java.util.List;
import org.lunette.scsi.page.PageBuffer;
import org.lunette.scsi.reservation.Access;
import org.lunette.scsi.table.Opcode;
import org.lunette.scsi.table.OpcodeTable;
import org.lunette.scsi.task.Task;

/**
 * RECEIVE COPY STATUS(LID1), RECEIVE COPY FAILURE DETAILS(LID1) and RECEIVE COPY OPERATING PARAMETERS, once called
 * RECEIVE COPY RESULTS; SPC-5. RECEIVE COPY DATA is not there: no segment keeps data for the initiator.
 */
final class ReceiveCopyResults implements OpcodeTable.Source {
    static final int CODE = 0x84;
    static final int COPY_STATUS = 0x00;
    static final int OPERATING_PARAMETERS = 0x03;
    static final int FAILURE_DETAILS = 0x04;

    private static final int LENGTH_FIELD = 10;
    private static final int SNLID = 0x01;
    private static final int LOG2_OF_GRANULARITY = 9;
    /** TRANSFER COUNT UNITS: bytes, KiB, MiB and so on. */
    private static final int UNIT_BITS = 10;

    private static final int FIRST_UNUSED_FAILURE_BYTES = 52;
    private static final int FAILED = 2;

    private final CopyResults results;

    ReceiveCopyResults(CopyResults results) {
        this.results = results;
    }

    @Override
    public void declare(List<Opcode> commands) {
        commands.add(receives("RECEIVE COPY STATUS(LID1)", "84 00 ff").handledBy(this::status));
        commands.add(receives("RECEIVE COPY OPERATING PARAMETERS", "84 03 00")
                .handledBy(ReceiveCopyResults::operatingParameters));
        commands.add(receives("RECEIVE COPY FAILURE DETAILS(LID1)", "84 04 ff").handledBy(this::failureDetails));
    }

    private static Opcode.Builder receives(String name, String start) {
        return Opcode.named(name, start + " 00 00 00 00 00 00 00 ff ff ff ff 00 00")
                .withServiceAction()
                .access(Access.READ)
                .length(LENGTH_FIELD, 4);
    }

    private CopyOperation find(Task task) {
        ListIdentifier id = ListIdentifier.ofOneByte(task.command().cdb8(2));
        return results.find(task.command().nexus(), id);
    }

    private static void answer(Task task, PageBuffer data) {
        data.set32(0, data.length() - 4);
        task.good(data.array(), data.length(), task.command().cdb32(LENGTH_FIELD));
    }

    private void status(Task task) {
        CopyOperation operation = find(task);
        if (operation == null) {
            task.invalidCdb(2, -1);
            return;
        }
        int status = operation.isUnderWay() ? 0 : operation.failed() ? FAILED : 1;
        long count = operation.transferredBytes();
        int unit = 0;
        for (; count >>> 32 != 0; count >>>= UNIT_BITS) {
            unit++;
        }
        answer(
                task,
                new PageBuffer()
                        .zeros(4)
                        .put8(status)
                        .put16(operation.segmentsProcessed())
                        .put8(unit)
                        .put32(count));
    }

    private void failureDetails(Task task) {
        CopyOperation operation = find(task);
        if (operation == null || operation.isUnderWay()) {
            task.invalidCdb(2, -1);
            return;
        }
        if (!operation.failed()) {
            answer(task, new PageBuffer().zeros(4));
            return;
        }
        byte[] sense = operation.sense();
        PageBuffer data = new PageBuffer().zeros(4 + FIRST_UNUSED_FAILURE_BYTES);
        answer(task, data.put8(FAILED).put8(0).put16(sense.length).put(sense));
    }

    private static void operatingParameters(Task task) {
        PageBuffer data = new PageBuffer()
                .zeros(4)
                .put8(SNLID)
                .zeros(3)
                .put16(CopyLimits.MAX_CSCDS)
                .put16(CopyLimits.MAX_SEGMENTS)
                .put32(CopyLimits.MAX_LIST_BYTES)
                .put32(CopyLimits.MAX_SEGMENT_BYTES)
                .zeros(14) // no inline data, no held data, no stream devices
                .put16(CopyLimits.MAX_COPIES)
                .put8(CopyLimits.MAX_COPIES)
                .put8(LOG2_OF_GRANULARITY)
                .zeros(5);
        answer(task, data.put8(ThirdPartyCopyPage.DESCRIPTORS.length).put(ThirdPartyCopyPage.DESCRIPTORS));
    }
}
