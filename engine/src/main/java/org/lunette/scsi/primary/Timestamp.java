package org.lunette.scsi.primary;

import java.nio.ByteBuffer;
import java.time.Clock;
import java.util.List;
import org.lunette.scsi.page.PageBuffer;
import org.lunette.scsi.path.PathNeed;
import org.lunette.scsi.reservation.Access;
import org.lunette.scsi.table.Opcode;
import org.lunette.scsi.table.OpcodeTable;
import org.lunette.scsi.task.NexusScope;
import org.lunette.scsi.task.NexusTable;
import org.lunette.scsi.task.Task;
import org.lunette.scsi.task.UnitAttention;

/** REPORT TIMESTAMP and SET TIMESTAMP; SPC-5. The time is the host's until an initiator sets another one. */
public final class Timestamp implements OpcodeTable.Source {
    private static final int DATA_BYTES = 12;
    private static final int SET_BY_COMMAND = 2;
    private static final int SET_OTHERWISE = 3;
    private static final int TIMESTAMP_OFFSET = 4;
    private static final long LOW_48_BITS = -1L >>> 16;

    private final Clock clock;
    private final NexusTable nexuses;
    /** What is to be added to the clock's time; null until it is set. */
    private volatile Long aheadMs;

    public Timestamp(Clock clock, NexusTable nexuses) {
        this.clock = clock;
        this.nexuses = nexuses;
    }

    @Override
    public void declare(List<Opcode> commands) {
        commands.add(Opcode.named("REPORT TIMESTAMP", "a3 0f 00 00 00 00 ff ff ff ff 00 00")
                .withServiceAction()
                .length(6, 4)
                .needs(PathNeed.STANDBY)
                .handledBy(this::report));
        commands.add(Opcode.named("SET TIMESTAMP", "a4 0f 00 00 00 00 ff ff ff ff 00 00")
                .withServiceAction()
                .access(Access.WRITE)
                .dataOut()
                .length(6, 4)
                .handledBy(this::set));
    }

    private void report(Task task) {
        Long ahead = aheadMs;
        long nowMs = clock.millis() + (ahead == null ? 0 : ahead) & LOW_48_BITS;
        PageBuffer data = new PageBuffer()
                .put16(DATA_BYTES - 2)
                .put8(ahead == null ? SET_OTHERWISE : SET_BY_COMMAND)
                .put8(0)
                .put16((int) (nowMs >>> 32))
                .put32(nowMs)
                .zeros(2);
        task.good(data.array(), data.length(), task.command().cdb32(6));
    }

    private void set(Task task) {
        long lengthBytes = task.command().cdb32(6);
        if (lengthBytes == 0) {
            task.good();
            return;
        }
        byte[] list = new byte[DATA_BYTES];
        task.command().setTransferBytes(lengthBytes);
        if (lengthBytes < DATA_BYTES || task.command().dataOut(list, DATA_BYTES) < DATA_BYTES) {
            task.parameterListTooShort();
            return;
        }
        if (task.endedByAbort()) {
            return;
        }
        long wantedMs = ByteBuffer.wrap(list).getLong(TIMESTAMP_OFFSET) >>> 16;
        aheadMs = wantedMs - clock.millis();
        nexuses.raise(
                UnitAttention.TIMESTAMP_CHANGED, NexusScope.allBut(task.nexus().nexus()));
        task.good();
    }
}
