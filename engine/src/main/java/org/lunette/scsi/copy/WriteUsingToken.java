package org.lunette.scsi.copy;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import org.lunette.command.AdditionalSense;
import org.lunette.command.Command;
import org.lunette.command.ScsiStatus;
import org.lunette.scsi.table.Opcode;
import org.lunette.scsi.table.OpcodeTable;
import org.lunette.scsi.task.Task;

/** WRITE USING TOKEN; SBC-4. */
final class WriteUsingToken implements OpcodeTable.Source {
    static final int SERVICE_ACTION = 0x11;
    /** Where the token is in the parameter list. */
    static final int ROD_TOKEN = 16;

    private static final int LENGTH_FIELD = 10;
    private static final int HEADER_BYTES = 536;
    private static final int FLAGS = 2;
    private static final int DEL_TKN = 0x02;
    private static final int IMMED = 0x01;
    private static final int OFFSET_INTO_ROD = 8;
    private static final int COPY_TIMEOUT_S = 600;

    private final CopyManager manager;
    private final CopyDevice own;
    private final CopyResults results;

    WriteUsingToken(CopyManager manager, CopyDevice own, CopyResults results) {
        this.manager = manager;
        this.own = own;
        this.results = results;
    }

    @Override
    public void declare(List<Opcode> commands) {
        commands.add(Opcode.named("WRITE USING TOKEN", "83 11 00 00 00 00 ff ff ff ff ff ff ff ff 00 00")
                .withServiceAction()
                .writes()
                .dataOut()
                .length(LENGTH_FIELD, 4)
                .timeoutS(COPY_TIMEOUT_S)
                .handledBy(this::write));
    }

    private void write(Task task) {
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
            List<Extent> to = RangeDescriptors.parse(list, HEADER_BYTES, own);
            byte[] bytes = Arrays.copyOfRange(list.array(), ROD_TOKEN, ROD_TOKEN + RodToken.LENGTH_BYTES);
            boolean zeros = (list.getInt(ROD_TOKEN) & 0xffff_ffffL) == RodToken.BLOCK_DEVICE_ZERO;
            write(task, list, to, zeros ? null : manager.tokens().find(bytes, ROD_TOKEN));
        } catch (CopyFailure failure) {
            failure.end(task);
        }
    }

    private void write(Task task, ByteBuffer list, List<Extent> to, RodToken token) throws CopyFailure {
        Command command = task.command();
        int flags = list.get(FLAGS);
        boolean immediate = (flags & IMMED) != 0;
        long wantedBytes = to.stream().mapToLong(Extent::lengthBytes).sum();
        long offset = list.getLong(OFFSET_INTO_ROD);
        CopyStep step = step(token, offset, to, wantedBytes);
        long movedBytes = step.to().stream().mapToLong(Extent::lengthBytes).sum();
        CopyOperation operation = new CopyOperation(
                command.nexus(),
                ListIdentifier.ofFourBytes(command.cdb32(6)),
                SERVICE_ACTION,
                immediate,
                task.descriptorSense());
        if (!Admission.entered(task, results, operation)) {
            return;
        }
        int ifGood = movedBytes < wantedBytes ? CopyOperation.COMPLETED_WITH_RESIDUAL_DATA : CopyOperation.COMPLETED;
        TokenPlan plan = new TokenPlan(own, token, step, operation);
        Copy copy = new Copy(manager, plan, operation, immediate ? null : task, ifGood);
        if (token != null && (flags & DEL_TKN) != 0) {
            copy.whenGood(() -> token.invalidate(AdditionalSense.TOKEN_DELETED));
        }
        if (!manager.admit(copy)) {
            results.remove(operation);
            task.end(ScsiStatus.BUSY);
            return;
        }
        if (immediate) {
            task.good();
        }
        manager.start(copy);
    }

    /** From the token, as much as there is after the offset, to whole blocks. */
    private CopyStep step(RodToken token, long offset, List<Extent> to, long wantedBytes) throws CopyFailure {
        if (token == null) {
            return new CopyStep(wantedBytes == 0 ? List.of() : List.of(Extent.zeros(wantedBytes)), to, false);
        }
        long block = own.blockBytes();
        long blocksThere = token.lengthBytes() / block;
        if (Long.compareUnsigned(offset, blocksThere) >= 0) {
            throw CopyFailure.invalidParameter(OFFSET_INTO_ROD);
        }
        long bytes = Math.min(wantedBytes, (blocksThere - offset) * block);
        return new CopyStep(TokenPlan.cut(token.extents(), offset * block, bytes), TokenPlan.cut(to, 0, bytes), false);
    }
}
