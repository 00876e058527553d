package org.lunette.scsi;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.OptionalInt;
import java.util.Queue;
import java.util.concurrent.Executor;
import org.lunette.bridge.memory.Memory;
import org.lunette.store.Store;
import org.lunette.store.StoreCompletion;
import org.lunette.store.StoreProperties;
import org.lunette.store.StoreStatus;

/**
 * A store in a Java array, for tests: completes at once, by an executor, or when told to; fails where told to;
 * remembers which bytes would survive a power failure.
 */
public final class FakeStore implements Store {
    /** The order of operations, as the device server asked for them. */
    public final List<String> log = new ArrayList<>();

    private final StoreProperties properties;
    private final BitSet taken = new BitSet();
    private final Queue<Runnable> held = new ArrayDeque<>();
    private byte[] bytes;
    private byte[] survivors;
    private boolean holding;
    private boolean logging;
    private Executor executor = Runnable::run;
    private StoreStatus failure = StoreStatus.OK;
    private long failureOffset;
    private long availableBytes = Long.MAX_VALUE;
    private long reportedSize;
    private RuntimeException thrown;
    private OptionalInt temperatureC = OptionalInt.empty();

    public FakeStore(long sizeBytes, StoreProperties properties) {
        this.properties = properties;
        this.bytes = new byte[(int) sizeBytes];
        this.survivors = new byte[(int) sizeBytes];
        this.reportedSize = sizeBytes;
    }

    /** A store with a volatile cache, that does not block and does not turn, with physical blocks of 4 KiB. */
    public static FakeStore ofBlocks(long blocks) {
        return new FakeStore(blocks * 512, properties(false, true));
    }

    /** As {@link #ofBlocks}, and thin: it takes and gives back 4 KiB at a time. */
    public static FakeStore thin(long blocks) {
        return new FakeStore(blocks * 512, new StoreProperties("fake", false, true, false, 4096, false, true));
    }

    public static StoreProperties properties(boolean readOnly, boolean volatileCache) {
        return new StoreProperties("fake", readOnly, volatileCache, false, 4096, false, false);
    }

    /** A store that holds nothing, but has this size: reads leave the buffer alone. */
    public static FakeStore hollow(long sizeBytes, StoreProperties properties) {
        FakeStore store = new FakeStore(0, properties);
        store.reportedSize = sizeBytes;
        return store;
    }

    /** Operations are done by an executor from now on. */
    public synchronized FakeStore by(Executor other) {
        executor = other;
        return this;
    }

    /** Operations wait for {@link #release} from now on. */
    public synchronized void hold() {
        holding = true;
    }

    /** Whether an operation waits. */
    public synchronized boolean isHeld() {
        return !held.isEmpty();
    }

    /** Does the operations that wait, and holds no more. */
    public void release() {
        takeHeld().forEach(Runnable::run);
    }

    /** Does the operations that wait, and holds those that come. */
    public void releaseThese() {
        List<Runnable> waiting;
        synchronized (this) {
            waiting = new ArrayList<>(held);
            held.clear();
        }
        waiting.forEach(Runnable::run);
    }

    /** As {@link #release}, the last first. */
    public void releaseBackwards() {
        List<Runnable> waiting = takeHeld();
        Collections.reverse(waiting);
        waiting.forEach(Runnable::run);
    }

    /** Holds no more, but for the operations that wait: they are done when what is returned is run. */
    public Runnable keepHeld() {
        List<Runnable> waiting = takeHeld();
        return () -> waiting.forEach(Runnable::run);
    }

    private synchronized List<Runnable> takeHeld() {
        List<Runnable> waiting = new ArrayList<>(held);
        held.clear();
        holding = false;
        return waiting;
    }

    /** Every operation ends like this from now on, and does nothing. */
    public synchronized void failWith(StoreStatus status, long offset) {
        failure = status;
        failureOffset = offset;
    }

    /** Every operation throws this from now on, to whoever asks for it; null for none. */
    public synchronized void throwing(RuntimeException exception) {
        thrown = exception;
    }

    /** What a sensor says from now on. */
    public synchronized void temperature(OptionalInt degreesC) {
        temperatureC = degreesC;
    }

    @Override
    public synchronized OptionalInt temperatureC() {
        return temperatureC;
    }

    /** Remembers operations in {@link #log} from now on. */
    public synchronized FakeStore logged() {
        logging = true;
        return this;
    }

    public synchronized void resize(long sizeBytes) {
        bytes = java.util.Arrays.copyOf(bytes, (int) sizeBytes);
        survivors = java.util.Arrays.copyOf(survivors, (int) sizeBytes);
        reportedSize = sizeBytes;
    }

    /** A copy of all bytes. */
    public synchronized byte[] snapshot() {
        return bytes.clone();
    }

    /** Loses what a power failure would lose. */
    public synchronized void losePower() {
        bytes = survivors.clone();
        taken.set(0, bytes.length + 4095 >> 12); // what was given back and not flushed is there again
    }

    @Override
    public StoreProperties properties() {
        return properties;
    }

    @Override
    public synchronized long sizeBytes() {
        return reportedSize;
    }

    @Override
    public void read(long offsetBytes, long address, int lengthBytes, StoreCompletion completion) {
        perform("read", offsetBytes, lengthBytes, completion, () -> {
            if (bytes.length > 0) {
                Memory.copy(bytes, (int) offsetBytes, address, lengthBytes);
            }
        });
    }

    @Override
    public void write(long offsetBytes, long address, int lengthBytes, boolean durable, StoreCompletion completion) {
        perform(durable ? "write durably" : "write", offsetBytes, lengthBytes, completion, () -> {
            if (bytes.length > 0) {
                Memory.copy(address, bytes, (int) offsetBytes, lengthBytes);
                taken.set((int) (offsetBytes >> 12), (int) (offsetBytes + lengthBytes + 4095 >> 12));
                if (durable || !properties.volatileCache()) {
                    System.arraycopy(bytes, (int) offsetBytes, survivors, (int) offsetBytes, lengthBytes);
                }
            }
        });
    }

    @Override
    public void flush(long offsetBytes, long lengthBytes, StoreCompletion completion) {
        perform("flush", offsetBytes, lengthBytes, completion, () -> {
            if (bytes.length > 0) {
                System.arraycopy(bytes, (int) offsetBytes, survivors, (int) offsetBytes, (int) lengthBytes);
            }
        });
    }

    @Override
    public void unmap(long offsetBytes, long lengthBytes, StoreCompletion completion) {
        perform("unmap", offsetBytes, lengthBytes, completion, () -> {
            if (bytes.length == 0) {
                return;
            }
            Arrays.fill(bytes, (int) offsetBytes, (int) (offsetBytes + lengthBytes), (byte) 0);
            taken.clear((int) (offsetBytes + 4095 >> 12), Math.max((int) (offsetBytes + 4095 >> 12), (int)
                    (offsetBytes + lengthBytes >> 12)));
            if (!properties.volatileCache()) {
                Arrays.fill(survivors, (int) offsetBytes, (int) (offsetBytes + lengthBytes), (byte) 0);
            }
        });
    }

    @Override
    public synchronized long extentBytes(long offsetBytes) {
        if (!properties.thin()) {
            return reportedSize - offsetBytes;
        }
        int first = (int) (offsetBytes >> 12);
        boolean isTaken = taken.get(first);
        int next = isTaken ? taken.nextClearBit(first) : taken.nextSetBit(first);
        long end = next < 0 ? reportedSize : Math.min((long) next << 12, reportedSize);
        return isTaken ? end - offsetBytes : offsetBytes - end;
    }

    @Override
    public synchronized long takenBytes() {
        return properties.thin() ? Math.min(reportedSize, (long) taken.cardinality() << 12) : -1;
    }

    @Override
    public synchronized long availableBytes() {
        return Math.min(reportedSize - takenBytes(), availableBytes);
    }

    /** Of what takes no space, only so much can take some from now on. */
    public synchronized void limitAvailable(long bytes) {
        availableBytes = bytes;
    }

    private void perform(String what, long offsetBytes, long lengthBytes, StoreCompletion completion, Runnable action) {
        Runnable operation = () -> {
            StoreStatus status;
            synchronized (this) {
                status = failure;
                if (offsetBytes < 0 || lengthBytes < 0 || offsetBytes + lengthBytes > reportedSize) {
                    throw new AssertionError(what + " of " + lengthBytes + " bytes at " + offsetBytes);
                }
                if (status == StoreStatus.OK) {
                    action.run();
                }
            }
            completion.ended(status, status == StoreStatus.OK ? -1 : failureOffset);
        };
        Executor by;
        synchronized (this) {
            if (thrown != null) {
                throw thrown;
            }
            if (logging) {
                log.add(what + " " + offsetBytes + " " + lengthBytes);
            }
            if (holding) {
                held.add(operation);
                return;
            }
            by = executor;
        }
        by.execute(operation);
    }

    @Override
    public void close() {
        // Nothing is held.
    }
}
