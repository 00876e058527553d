package org.lunette.scsi.block;

import java.util.concurrent.Semaphore;
import java.util.function.BooleanSupplier;
import org.lunette.bridge.memory.Region;
import org.lunette.command.AdditionalSense;
import org.lunette.store.StoreStatus;

/** One self-test: reads the medium, or parts of it that lie apart, and changes nothing. */
final class SelfTest {
    /** What is read. */
    enum Extent {
        /** The first and the last blocks. */
        ENDS,
        /** A piece here and there from the first block to the last. */
        SAMPLES,
        /** Everything. */
        ALL
    }

    /** How a test ended: SELF-TEST RESULTS; SPC-5. */
    enum Outcome {
        PASSED(0x0),
        ABORTED_BY_SEND_DIAGNOSTIC(0x1),
        ABORTED_OTHERWISE(0x2),
        FAILED(0x4),
        IN_PROGRESS(0xf);

        private final int code;

        Outcome(int code) {
            this.code = code;
        }

        int code() {
            return code;
        }
    }

    /** What the results say of a block that could not be read. */
    static final AdditionalSense FAILURE = AdditionalSense.UNRECOVERED_READ_ERROR;

    private static final int PIECE_BYTES = Medium.MAX_BLOCK_BYTES;
    private static final int SAMPLES = 64;

    private final Medium medium;
    private final Extent extent;
    private final BooleanSupplier unwanted;
    private final Semaphore ended = new Semaphore(0);
    private volatile Outcome aborted;
    private StoreStatus status;
    private long errorOffsetBytes;
    private long failedLba = -1;

    SelfTest(Medium medium, Extent extent, BooleanSupplier unwanted) {
        this.medium = medium;
        this.extent = extent;
        this.unwanted = unwanted;
    }

    /** Has {@link #run} return this outcome soon. */
    void abort(Outcome outcome) {
        aborted = outcome;
    }

    /** Where the medium failed; -1 if it did not. */
    long failedLba() {
        return failedLba;
    }

    /** Tests, and waits for the medium to answer. */
    Outcome run() {
        long sizeBytes = medium.bytes(medium.blocks());
        long pieces = (sizeBytes + PIECE_BYTES - 1) / PIECE_BYTES;
        long count = switch (extent) {
            case ENDS -> Math.min(2, pieces);
            case SAMPLES -> Math.min(SAMPLES, pieces);
            case ALL -> pieces;
        };
        try (Region memory = Region.allocate("scsi-self-test", PIECE_BYTES)) {
            for (long i = 0; i < count; i++) {
                if (aborted == null && unwanted.getAsBoolean()) {
                    aborted = Outcome.ABORTED_OTHERWISE;
                }
                if (aborted != null) {
                    return aborted;
                }
                // Evenly apart; the last one is the last piece. Without overflow: pieces / count times i.
                long piece = i == count - 1 ? pieces - 1 : pieces / count * i;
                if (!canRead(piece * PIECE_BYTES, sizeBytes, memory.address())) {
                    return Outcome.FAILED;
                }
            }
        }
        return Outcome.PASSED;
    }

    private boolean canRead(long offsetBytes, long sizeBytes, long address) {
        int lengthBytes = (int) Math.min(PIECE_BYTES, sizeBytes - offsetBytes);
        long failedBytes = offsetBytes;
        try {
            medium.store().read(offsetBytes, address, lengthBytes, this::readEnded);
            ended.acquireUninterruptibly();
            failedBytes = errorOffsetBytes < 0 ? offsetBytes : errorOffsetBytes;
        } catch (RuntimeException e) {
            status = StoreStatus.READ_FAILED; // the store has nothing under way, and will not come back
        }
        if (status != StoreStatus.OK) {
            failedLba = medium.blocksIn(failedBytes);
        }
        return status == StoreStatus.OK;
    }

    private void readEnded(StoreStatus how, long errorOffset) {
        status = how;
        errorOffsetBytes = errorOffset;
        ended.release();
    }
}
