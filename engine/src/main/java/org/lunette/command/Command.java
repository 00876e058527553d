package org.lunette.command;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Objects;
import org.lunette.bridge.memory.Memory;

/**
 * One SCSI command on its way from a front-end to a device and back.
 *
 * <p>A front-end makes commands once and uses them again: {@link #begin} starts a use, the setters describe it, then
 * the command is handed to a {@link CommandHandler}. It belongs to the handler until its status is set by one of the
 * {@code complete} methods, of which the first to be called counts. Then the {@link Completion}s run, the last added
 * first, and the front-end has it back.
 *
 * <p><b>Data.</b> The front-end lends one buffer by address. For {@link DataDirection#OUT} it holds
 * {@link #dataBytes()} bytes that came from the initiator; for {@link DataDirection#IN} it has room for that many. The
 * buffer is the front-end's and is valid until completion. {@link #transferBytes()} is what the device wanted to
 * transfer, which may be more than there is room for: from it and what the initiator expected, the front-end makes the
 * residual count.
 *
 * <p><b>Threads.</b> One at a time; whoever hands a command to another thread does so with a happens-before edge (a
 * ring, a queue). Only {@link #abort()}, {@link #isAborted()} and the {@code complete} methods may race.
 */
public final class Command {
    /** The longest CDB; SPC-5, 4.2.1. */
    public static final int MAX_CDB_BYTES = 260;

    private static final int MAX_COMPLETIONS = 12;
    private static final VarHandle BE_SHORT = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle BE_INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle BE_LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle STATE;

    /** The state is the number of the use in the upper bits, and one of these in the lower two. */
    private static final int IDLE = 0;

    private static final int ACTIVE = 1;
    private static final int COMPLETING = 2;
    private static final int PHASE = 3;
    private static final int ONE_USE = 4;

    static {
        try {
            STATE = MethodHandles.lookup().findVarHandle(Command.class, "state", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final Object owner;
    private final Completion[] completions = new Completion[MAX_COMPLETIONS];
    private final byte[] cdb = new byte[MAX_CDB_BYTES];
    private final byte[] sense = new byte[Sense.MAX_BYTES];

    private Nexus nexus;
    private int lun;
    private long tag;
    private TaskAttribute attribute;
    private int cdbBytes;
    /** How many bytes of the CDB may not be zero: from an earlier use, too. */
    private int dirtyCdbBytes;

    private DataDirection direction;
    private long expectedBytes;
    private long dataAddress;
    private int dataBytes;

    private ScsiStatus status;
    private int senseBytes;
    private long transferBytes;
    private int completionCount;
    private Object unitState;
    private boolean descriptorSense;
    private boolean endsWithoutStatus;
    private volatile boolean aborted;

    private volatile int state;

    /**
     * @param owner the front-end's own record of the command, or null
     * @param frontEnd the last to be told of each completion
     */
    public Command(Object owner, Completion frontEnd) {
        this.owner = owner;
        this.completions[0] = Objects.requireNonNull(frontEnd);
    }

    // ---- the front-end's side ----

    /** Starts a use: no CDB, no data, no status. The command must not be in a handler's hands. */
    public void begin(Nexus nexus, int lun, long tag, TaskAttribute attribute) {
        int last = state;
        if ((last & PHASE) != IDLE || !STATE.compareAndSet(this, last, last + ONE_USE + ACTIVE)) {
            throw new IllegalStateException("the command is still in use: " + this);
        }
        this.nexus = nexus;
        this.lun = lun;
        this.tag = tag;
        this.attribute = attribute;
        this.cdbBytes = 0;
        this.direction = DataDirection.NONE;
        this.expectedBytes = 0;
        this.dataAddress = 0;
        this.dataBytes = 0;
        this.status = null;
        this.senseBytes = 0;
        this.transferBytes = 0;
        this.completionCount = 1;
        this.descriptorSense = false;
        this.endsWithoutStatus = false;
        this.aborted = false;
    }

    /** Sets the CDB from an array. Bytes beyond it read as zero. */
    public void setCdb(byte[] from, int offset, int lengthBytes) {
        checkCdbLength(lengthBytes);
        System.arraycopy(from, offset, cdb, 0, lengthBytes);
        clearCdbBeyond(lengthBytes);
    }

    /** Sets the CDB from off-heap memory. Bytes beyond it read as zero. */
    public void setCdb(long address, int lengthBytes) {
        checkCdbLength(lengthBytes);
        Memory.copy(address, cdb, 0, lengthBytes);
        clearCdbBeyond(lengthBytes);
    }

    /** Sets the CDB from two numbers read big-endian: a BHS and most kernels carry 16 bytes. */
    public void setCdbWords(long first8, long second8) {
        BE_LONG.set(cdb, 0, first8);
        BE_LONG.set(cdb, 8, second8);
        clearCdbBeyond(16);
    }

    private static void checkCdbLength(int lengthBytes) {
        if (lengthBytes < 1 || lengthBytes > MAX_CDB_BYTES) {
            throw new IllegalArgumentException("a CDB of " + lengthBytes + " bytes");
        }
    }

    private void clearCdbBeyond(int lengthBytes) {
        for (int i = lengthBytes; i < dirtyCdbBytes; i++) {
            cdb[i] = 0;
        }
        dirtyCdbBytes = lengthBytes;
        cdbBytes = lengthBytes;
    }

    /**
     * Lends the data buffer.
     *
     * @param direction as the transport announced it
     * @param address the first byte, or 0 without data
     * @param bytes what is there (OUT) or what there is room for (IN)
     * @param expectedBytes what the initiator announced (the expected data transfer length), which may be more
     */
    public void setData(DataDirection direction, long address, int bytes, long expectedBytes) {
        if (bytes < 0 || expectedBytes < 0) {
            throw new IllegalArgumentException(bytes + " bytes, " + expectedBytes + " expected");
        }
        this.direction = direction;
        this.dataAddress = address;
        this.dataBytes = bytes;
        this.expectedBytes = expectedBytes;
    }

    /** The front-end's own record, as given to the constructor. */
    public Object owner() {
        return owner;
    }

    /** Marks the command as aborted. What it still does has no observer, and its status is not sent. */
    public void abort() {
        aborted = true;
    }

    /** As {@link #abort()}, on behalf of another nexus; and the initiator gets no TASK ABORTED either. */
    public void abortWithoutStatus() {
        endsWithoutStatus = true; // seen by whoever sees that it is aborted
        aborted = true;
    }

    /** Of a completed command: whether it was aborted so that the initiator gets no status at all. */
    public boolean endsWithoutStatus() {
        return aborted && endsWithoutStatus;
    }

    /** Tells this use of the command from others; see {@link #failUse}. */
    public int use() {
        return state & ~PHASE;
    }

    /** Tells the front-end that a use of the command is over its deadline; see {@link Completion#overdue}. */
    public void overdue(int use) {
        completions[0].overdue(this, use);
    }

    /**
     * Writes the sense data of a command that is answered while what executes it still has it; returns its length.
     *
     * <p>ABORTED COMMAND, COMMAND TIMEOUT DURING PROCESSING: whether it was done is not known, and the initiator may
     * try again, by another path too. HARDWARE ERROR would keep Linux from trying another path.
     */
    public int overdueSense(byte[] to) {
        return Sense.current(
                to, descriptorSense, SenseKey.ABORTED_COMMAND, AdditionalSense.COMMAND_TIMEOUT_DURING_PROCESSING);
    }

    // ---- what came ----

    public Nexus nexus() {
        return nexus;
    }

    /** The logical unit number, see {@link Lun}. */
    public int lun() {
        return lun;
    }

    /** The front-end's tag, unique among the nexus's commands. */
    public long tag() {
        return tag;
    }

    public TaskAttribute attribute() {
        return attribute;
    }

    /** The length of the CDB as transported, in bytes; at least what the operation code demands, or 16 with padding. */
    public int cdbBytes() {
        return cdbBytes;
    }

    /** CDB byte {@code index}, 0 to 259; beyond the CDB's length it is zero. */
    public int cdb8(int index) {
        return cdb[index] & 0xff;
    }

    /** The 2 CDB bytes from {@code index}, unsigned. */
    public int cdb16(int index) {
        return (short) BE_SHORT.get(cdb, index) & 0xffff;
    }

    /** The 3 CDB bytes from {@code index}, unsigned. */
    public int cdb24(int index) {
        return cdb8(index) << 16 | cdb16(index + 1);
    }

    /** The 4 CDB bytes from {@code index}, unsigned. */
    public long cdb32(int index) {
        return (int) BE_INT.get(cdb, index) & 0xffff_ffffL;
    }

    /**
     * The 8 CDB bytes from {@code index}; above 2^63 this is negative, so compare with {@link Long#compareUnsigned}.
     */
    public long cdb64(int index) {
        return (long) BE_LONG.get(cdb, index);
    }

    /** The operation code, CDB byte 0. */
    public int opcode() {
        return cdb[0] & 0xff;
    }

    public DataDirection direction() {
        return direction;
    }

    /** What the initiator announced that it would send or take, in bytes. */
    public long expectedBytes() {
        return expectedBytes;
    }

    /** The lent buffer's first byte; 0 if there is none. */
    public long dataAddress() {
        return dataAddress;
    }

    /** What the lent buffer holds (OUT) or has room for (IN), in bytes. */
    public int dataBytes() {
        return dataBytes;
    }

    /**
     * Whether the front-end has given the command up; a handler that sees this ends it soon, and changes nothing any
     * more.
     */
    public boolean isAborted() {
        return aborted;
    }

    /** What the device server keeps with the command from use to use; null at first. */
    public Object unitState() {
        return unitState;
    }

    public void setUnitState(Object unitState) {
        this.unitState = unitState;
    }

    // ---- the handler's side ----

    /** Sets what the device wanted to transfer, in bytes, though it be more than {@link #dataBytes()}. */
    public void setTransferBytes(long transferBytes) {
        this.transferBytes = transferBytes;
    }

    /**
     * Copies the first {@code lengthBytes} of a parameter list to the data-in buffer as far as it fits, and sets the
     * transfer length.
     */
    public void dataIn(byte[] from, int lengthBytes) {
        int room = direction == DataDirection.IN ? dataBytes : 0;
        int fits = Math.min(lengthBytes, room);
        if (fits > 0) {
            Memory.copy(from, 0, dataAddress, fits);
        }
        transferBytes = lengthBytes;
    }

    /** Copies the data-out buffer to an array, at most {@code lengthBytes}; returns how many bytes were there. */
    public int dataOut(byte[] to, int lengthBytes) {
        int there = direction == DataDirection.OUT ? Math.min(lengthBytes, dataBytes) : 0;
        if (there > 0) {
            Memory.copy(dataAddress, to, 0, there);
        }
        return there;
    }

    /**
     * Adds one that is told of the completion before those added earlier, and hands it on by
     * {@link #continueCompletion()}.
     */
    public void addCompletion(Completion completion) {
        if (completionCount == MAX_COMPLETIONS) {
            throw new IllegalStateException("more than " + MAX_COMPLETIONS + " completions");
        }
        completions[completionCount++] = completion;
    }

    /** Ends the command with a status that has no sense data. Returns whether this call was the first to end it. */
    public boolean complete(ScsiStatus status) {
        if (!startCompleting()) {
            return false;
        }
        this.status = status;
        continueCompletion();
        return true;
    }

    /** Ends the command with GOOD. */
    public boolean completeGood() {
        return complete(ScsiStatus.GOOD);
    }

    /**
     * Ends the command with CHECK CONDITION and sense data, and with no data transferred.
     *
     * @param from sense data in fixed or descriptor format, see {@link Sense}; copied
     */
    public boolean completeCheckCondition(byte[] from, int lengthBytes) {
        return completeCheckCondition(from, lengthBytes, 0);
    }

    /**
     * As {@link #completeCheckCondition(byte[], int)}, with {@code transferred} bytes of data that count as
     * transferred.
     */
    public boolean completeCheckCondition(byte[] from, int lengthBytes, long transferred) {
        if (!startCompleting()) {
            return false;
        }
        System.arraycopy(from, 0, sense, 0, lengthBytes);
        senseBytes = lengthBytes;
        transferBytes = transferred;
        status = ScsiStatus.CHECK_CONDITION;
        continueCompletion();
        return true;
    }

    /** Says whether sense data is to be in descriptor format; fixed format, as at first, if not. */
    public void setDescriptorSense(boolean inDescriptors) {
        this.descriptorSense = inDescriptors;
    }

    /** Ends the command with sense data that has a key and an additional sense code only. */
    public boolean completeCheckCondition(SenseKey key, AdditionalSense additional) {
        if (!startCompleting()) {
            return false;
        }
        checkCondition(key, additional);
        return true;
    }

    /**
     * Ends one use of the command with CHECK CONDITION, if it has not ended: for whoever cannot know whether the
     * command is on its next use already.
     *
     * @param use what {@link #use()} returned in that use
     */
    public boolean failUse(int use, SenseKey key, AdditionalSense additional) {
        if (!STATE.compareAndSet(this, use + ACTIVE, use + COMPLETING)) {
            return false;
        }
        checkCondition(key, additional);
        return true;
    }

    /**
     * Turns GOOD into CHECK CONDITION with these sense data: an error that was recovered, or is deferred. The data stay
     * transferred. Only for a {@link Completion} that was just told of the command, and before it hands it on.
     */
    public void addSense(byte[] from, int lengthBytes) {
        System.arraycopy(from, 0, sense, 0, lengthBytes);
        senseBytes = lengthBytes;
        status = ScsiStatus.CHECK_CONDITION;
    }

    private boolean startCompleting() {
        int now = state;
        return (now & PHASE) == ACTIVE && STATE.compareAndSet(this, now, now - ACTIVE + COMPLETING);
    }

    private void checkCondition(SenseKey key, AdditionalSense additional) {
        senseBytes = Sense.current(sense, descriptorSense, key, additional);
        transferBytes = 0;
        status = ScsiStatus.CHECK_CONDITION;
        continueCompletion();
    }

    /** Hands a completed command on to the next {@link Completion}; only for one that was just told of it. */
    public void continueCompletion() {
        int next = --completionCount;
        Completion completion = completions[next];
        if (next == 0) {
            STATE.setRelease(this, state & ~PHASE);
        } else {
            completions[next] = null;
        }
        completion.completed(this);
    }

    // ---- the result ----

    /** The status; null until completed. */
    public ScsiStatus status() {
        return status;
    }

    /** The sense data; the first {@link #senseBytes()} bytes count, the array is the command's own. */
    public byte[] sense() {
        return sense;
    }

    /** The length of the sense data; 0 without. */
    public int senseBytes() {
        return senseBytes;
    }

    /** What the device wanted to transfer, in bytes. */
    public long transferBytes() {
        return transferBytes;
    }

    /** What was transferred in or taken in fact: {@link #transferBytes()}, as far as the buffer went. */
    public int transferredBytes() {
        return (int) Math.min(transferBytes, dataBytes);
    }

    @Override
    public String toString() {
        return "command " + Long.toHexString(tag) + " of " + nexus + ", LUN " + lun + ", operation code "
                + Integer.toHexString(opcode()) + "h" + (status == null ? "" : ", " + status);
    }
}
