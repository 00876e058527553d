package org.lunette.scsi.block;

import java.nio.ByteBuffer;
import java.util.List;
import org.lunette.command.AdditionalSense;
import org.lunette.command.SenseKey;
import org.lunette.scsi.table.Opcode;
import org.lunette.scsi.table.OpcodeTable;
import org.lunette.scsi.task.Task;

/** UNMAP, for a store that is thin; SBC-4. What is wrong with any descriptor is found before anything is unmapped. */
final class Unmap implements OpcodeTable.Source {
    /** MAXIMUM UNMAP BLOCK DESCRIPTOR COUNT. */
    static final int MAX_DESCRIPTORS = 256;
    /** MAXIMUM UNMAP LBA COUNT, of all descriptors. */
    static final int MAX_BLOCKS = 1 << 20;

    private static final int ANCHOR = 0x01;
    private static final int HEADER_BYTES = 8;
    private static final int DESCRIPTOR_BYTES = 16;
    private static final int DESCRIPTORS_LENGTH_OFFSET = 2;

    private final Medium medium;

    Unmap(Medium medium) {
        this.medium = medium;
    }

    @Override
    public void declare(List<Opcode> commands) {
        if (medium.properties().thin()) {
            commands.add(Opcode.named("UNMAP", "42 00 00 00 00 00 00 ff ff 00")
                    .refuse(1, ANCHOR)
                    .length(7, 2)
                    .writes()
                    .dataOut()
                    .handledBy(this::unmap));
        }
    }

    private void unmap(Task task) {
        int listBytes = task.command().cdb16(7);
        if (listBytes == 0) {
            task.good();
            return;
        }
        task.command().setTransferBytes(listBytes);
        byte[] list = new byte[listBytes];
        if (listBytes < HEADER_BYTES || task.command().dataOut(list, listBytes) < listBytes) {
            task.parameterListTooShort();
            return;
        }
        int announced = ByteBuffer.wrap(list).getShort(DESCRIPTORS_LENGTH_OFFSET) & 0xffff;
        int descriptors = Math.min(announced, listBytes - HEADER_BYTES) / DESCRIPTOR_BYTES; // a part of one is ignored
        if (descriptors > MAX_DESCRIPTORS) {
            task.invalidParameter(DESCRIPTORS_LENGTH_OFFSET, 7);
        } else {
            unmap(task, ByteBuffer.wrap(list), descriptors);
        }
    }

    private void unmap(Task task, ByteBuffer list, int descriptors) {
        long[] ranges = new long[2 * descriptors];
        int count = 0;
        long sum = 0;
        for (int i = 0; i < descriptors; i++) {
            int at = HEADER_BYTES + i * DESCRIPTOR_BYTES;
            long lba = list.getLong(at);
            long blocks = list.getInt(at + 8) & 0xffff_ffffL;
            sum += blocks;
            if (blocks != 0 && !medium.contains(lba, blocks)) {
                task.fail(SenseKey.ILLEGAL_REQUEST, AdditionalSense.LOGICAL_BLOCK_ADDRESS_OUT_OF_RANGE);
                return;
            }
            if (sum > MAX_BLOCKS) {
                task.invalidParameter(at + 8, 7);
                return;
            }
            count = blocks == 0 ? count : add(ranges, count, lba, blocks);
        }
        if (count == 0) {
            task.good();
        } else {
            start(task, ranges, count);
        }
    }

    /** Adds a range, to the one before if it follows it: parts of a physical block may make a whole one. */
    private static int add(long[] ranges, int count, long lba, long blocks) {
        if (count > 0 && ranges[count - 2] + ranges[count - 1] == lba) {
            ranges[count - 1] += blocks;
            return count;
        }
        ranges[count] = lba;
        ranges[count + 1] = blocks;
        return count + 2;
    }

    private void start(Task task, long[] ranges, int count) {
        long first = Long.MAX_VALUE;
        long end = 0;
        for (int i = 0; i < count; i += 2) {
            first = Math.min(first, ranges[i]);
            end = Math.max(end, ranges[i] + ranges[i + 1]);
        }
        task.setRange(first, end - first);
        Unmapping work = new Unmapping(task, medium, ranges, count);
        if (task.hold(first, end - first)) {
            work.start();
        } else {
            task.whenFree(first, end - first, false, free -> work.start());
        }
    }
}
