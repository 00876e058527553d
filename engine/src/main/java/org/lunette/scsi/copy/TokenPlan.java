package org.lunette.scsi.copy;

import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.lunette.command.AdditionalSense;
import org.lunette.command.Command;
import org.lunette.command.Nexus;

/** A WRITE USING TOKEN: one step, from what a token stands for to ranges of a unit. */
final class TokenPlan implements CopyPlan {
    private final CopyDevice own;
    private final RodToken token;
    private final CopyOperation operation;
    private CopyStep step;

    /** @param token null for zeros */
    TokenPlan(CopyDevice own, RodToken token, CopyStep step, CopyOperation operation) {
        this.own = own;
        this.token = token;
        this.step = step;
        this.operation = operation;
    }

    /** The bytes of extents after the first {@code skippedBytes}, at most so many. */
    static List<Extent> cut(List<Extent> extents, long skippedBytes, long lengthBytes) {
        List<Extent> cut = new ArrayList<>();
        long skip = skippedBytes;
        long left = lengthBytes;
        for (Extent extent : extents) {
            long taken = Math.min(left, extent.lengthBytes() - skip);
            if (taken > 0) {
                cut.add(new Extent(extent.device(), extent.offsetBytes() + skip, taken));
                left -= taken;
            }
            skip = Math.max(0, skip - extent.lengthBytes());
        }
        return cut;
    }

    @Override
    public Set<CopyDevice> devices() {
        return token == null || token.device() == own ? Set.of(own) : Set.of(own, token.device());
    }

    @Override
    public Nexus nexus(boolean source) {
        return source ? token.nexus() : operation.nexus();
    }

    @Override
    public CopyStep next(int residueBytes) {
        CopyStep next = step;
        step = null;
        return next;
    }

    @Override
    public void wasRead() throws CopyFailure {
        VarHandle.loadLoadFence(); // the data before the token: it was valid when they were read
        AdditionalSense invalidity = token.invalidity();
        if (invalidity != null) {
            throw CopyFailure.illegal(invalidity, WriteUsingToken.ROD_TOKEN, -1);
        }
        token.use();
    }

    @Override
    public void extentWritten() {
        operation.segmentProcessed();
    }

    @Override
    public CopyFailure failed(boolean source, Command command) {
        return source || command.senseBytes() == 0
                ? CopyFailure.thirdParty(0, source, command)
                : CopyFailure.likeThatOf(command);
    }
}
