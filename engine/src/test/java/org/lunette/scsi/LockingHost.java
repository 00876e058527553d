package org.lunette.scsi;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One of several hosts that share a unit as cluster file systems do. It takes a lock by COMPARE AND WRITE, raises a
 * counter by READ and WRITE while it has the lock, and gives the lock back; between that it rewrites a heartbeat block
 * of its own by COMPARE AND WRITE, as VMware's hosts do. What became of a command that was aborted it finds out by
 * reading; for a heartbeat it may also send the command again, and be told of a miscompare by its own write.
 *
 * <p>It knows no transport: it says what to send next, and is told how that ended. It fails as soon as it sees what
 * cannot be: another host in the lock, a block that is half old and half new, a command that did its work after it was
 * reported as aborted. For one thread; {@code holder} is common to the hosts, and only that.
 */
public final class LockingHost {
    public static final int BLOCK_BYTES = 512;

    private static final int LOCK = 0;
    private static final int COUNTER = 1;
    private static final int FIRST_HEARTBEAT = 2;
    private static final int FREE = 0;

    /** How a command ended, as far as who has sent it knows. */
    public enum End {
        GOOD,
        MISCOMPARE,
        /** Aborted, refused for now, or the answer was lost. */
        UNKNOWN
    }

    /**
     * A command to send.
     *
     * @param out the data to send; empty for a command that reads
     * @param inBytes how much it reads
     */
    public record Request(byte[] cdb, byte[] out, int inBytes) {
        /** Whether it is a COMPARE AND WRITE. */
        public boolean isCompareAndWrite() {
            return cdb[0] == (byte) 0x89;
        }
    }

    private enum Step {
        READ_LOCK,
        TAKE,
        READ_COUNTER,
        WRITE_COUNTER,
        RELEASE,
        READ_WHETHER_RELEASED,
        BEAT,
        READ_HEARTBEATS
    }

    private final int id;
    private final AtomicInteger holder;
    private final Random random;
    private final int goal;
    private final long[] seenBeats;
    private Step step = Step.READ_LOCK;
    private boolean uncertain;
    private long attempt;
    private byte[] free;
    private long counter;
    private int raised;
    private long beats;
    private int miscompares;

    /**
     * @param id from 1
     * @param hosts how many there are
     * @param holder who has the lock, 0 for nobody: common to all hosts
     * @param goal how often it raises the counter
     */
    public LockingHost(int id, int hosts, AtomicInteger holder, int goal, Random random) {
        this.id = id;
        this.holder = holder;
        this.random = random;
        this.goal = goal;
        this.seenBeats = new long[hosts];
    }

    /** The counter, in the unit's first blocks. */
    public static long counter(byte[] blocks) {
        return word(blocks, COUNTER, 1);
    }

    /** The heartbeats of a host, in the unit's first blocks. */
    public static long heartbeats(byte[] blocks, int id) {
        return word(blocks, FIRST_HEARTBEAT + id - 1, 1);
    }

    private static byte[] block(long owner, long number) {
        ByteBuffer block = ByteBuffer.allocate(BLOCK_BYTES);
        while (block.hasRemaining()) {
            block.putLong(owner).putLong(number);
        }
        return block.array();
    }

    private static long word(byte[] blocks, int block, int index) {
        return ByteBuffer.wrap(blocks).getLong(block * BLOCK_BYTES + index * Long.BYTES);
    }

    /** Whether it has raised the counter as often as it should, and has given the lock back. */
    public boolean isDone() {
        return raised == goal && step == Step.READ_LOCK;
    }

    /** How many heartbeats it knows to be written. */
    public long beats() {
        return beats;
    }

    /** How many of its heartbeats were compared with what it had written itself, unknowingly. */
    public int miscompares() {
        return miscompares;
    }

    /** What to send now. */
    public Request next() {
        return switch (step) {
            case READ_LOCK, READ_WHETHER_RELEASED -> read(LOCK, 1);
            case TAKE -> compareAndWrite(LOCK, free, block(id, attempt));
            case READ_COUNTER -> read(COUNTER, 1);
            case WRITE_COUNTER -> new Request(Cdb.write(COUNTER, 1), block(id, counter + 1), 0);
            case RELEASE -> compareAndWrite(LOCK, block(id, attempt), block(FREE, attempt << 8 | id));
            case BEAT -> compareAndWrite(FIRST_HEARTBEAT + id - 1, heartbeat(beats), heartbeat(beats + 1));
            case READ_HEARTBEATS -> read(FIRST_HEARTBEAT, seenBeats.length);
        };
    }

    private byte[] heartbeat(long number) {
        return block(number == 0 ? 0 : id, number);
    }

    private static Request read(int lba, int blocks) {
        return new Request(Cdb.read(lba, blocks), new byte[0], blocks * BLOCK_BYTES);
    }

    private static Request compareAndWrite(int lba, byte[] old, byte[] next) {
        byte[] both = Arrays.copyOf(old, 2 * BLOCK_BYTES);
        System.arraycopy(next, 0, both, BLOCK_BYTES, BLOCK_BYTES);
        return new Request(Cdb.ranged(0x89, 16, lba, 1, 0), both, 0);
    }

    /** How what it wanted to be sent ended. No other host's commands wait for this. */
    public void ended(End end, byte[] in) {
        for (int i = 0; i < in.length / BLOCK_BYTES; i++) {
            byte[] one = Arrays.copyOfRange(in, i * BLOCK_BYTES, (i + 1) * BLOCK_BYTES);
            require(Arrays.equals(one, block(word(one, 0, 0), word(one, 0, 1))), "a block is half old and half new");
        }
        switch (step) {
            case READ_LOCK -> lockRead(end, in);
            case TAKE -> taken(end);
            case READ_COUNTER -> counterRead(end, in);
            case WRITE_COUNTER -> counterWritten(end);
            case RELEASE -> released(end);
            case READ_WHETHER_RELEASED -> readWhetherReleased(end, in);
            case BEAT -> beaten(end);
            case READ_HEARTBEATS -> heartbeatsRead(end, in);
        }
    }

    private void lockRead(End end, byte[] in) {
        if (end != End.GOOD) {
            return;
        }
        if (word(in, 0, 0) == id) {
            require(uncertain && word(in, 0, 1) == attempt, "the lock was taken after that was reported as aborted");
            enter();
            return;
        }
        uncertain = false;
        int dice = random.nextInt(8);
        if (dice < 2) {
            step = Step.BEAT;
        } else if (dice == 2) {
            step = Step.READ_HEARTBEATS;
        } else if (word(in, 0, 0) == FREE && raised < goal) {
            free = in;
            attempt++;
            step = Step.TAKE;
        }
    }

    private void taken(End end) {
        if (end == End.GOOD) {
            enter();
        } else {
            uncertain = end == End.UNKNOWN;
            step = Step.READ_LOCK;
        }
    }

    private void enter() {
        require(holder.compareAndSet(0, id), "two have the lock");
        uncertain = false;
        step = Step.READ_COUNTER;
    }

    private void counterRead(End end, byte[] in) {
        if (end != End.GOOD) {
            return;
        }
        long now = word(in, 0, 1);
        if (uncertain && now == counter + 1) {
            leave();
        } else {
            require(!uncertain || now == counter, "the counter was changed by another");
            counter = now;
            step = Step.WRITE_COUNTER;
        }
    }

    private void counterWritten(End end) {
        if (end == End.GOOD) {
            leave();
        } else {
            uncertain = true;
            step = Step.READ_COUNTER;
        }
    }

    private void leave() {
        uncertain = false;
        holder.set(0);
        step = Step.RELEASE;
    }

    private void released(End end) {
        require(end != End.MISCOMPARE, "somebody else has changed the lock");
        if (end == End.GOOD) {
            raise();
        } else {
            step = Step.READ_WHETHER_RELEASED;
        }
    }

    private void readWhetherReleased(End end, byte[] in) {
        if (end != End.GOOD) {
            return;
        }
        if (word(in, 0, 0) == id) {
            step = Step.RELEASE;
        } else {
            raise();
        }
    }

    private void raise() {
        raised++;
        step = Step.READ_LOCK;
    }

    private void beaten(End end) {
        switch (end) {
            case GOOD -> {
                beats++;
                uncertain = false;
                step = Step.READ_LOCK;
            }
            case MISCOMPARE -> {
                require(uncertain, "the heartbeat was written after that was reported as aborted");
                miscompares++;
                step = Step.READ_HEARTBEATS;
            }
            case UNKNOWN -> {
                uncertain = true;
                step = random.nextBoolean() ? Step.BEAT : Step.READ_HEARTBEATS;
            }
        }
    }

    private void heartbeatsRead(End end, byte[] in) {
        if (end != End.GOOD) {
            return;
        }
        for (int i = 0; i < seenBeats.length; i++) {
            long now = word(in, i, 1);
            require(now >= seenBeats[i], "a heartbeat went back");
            seenBeats[i] = now;
        }
        long own = seenBeats[id - 1];
        require(own == beats || uncertain && own == beats + 1, "the own heartbeat is " + own + " and not " + beats);
        beats = own;
        uncertain = false;
        step = Step.READ_LOCK;
    }

    private void require(boolean condition, String otherwise) {
        if (!condition) {
            throw new AssertionError("host " + id + ", " + step + ": " + otherwise);
        }
    }
}
