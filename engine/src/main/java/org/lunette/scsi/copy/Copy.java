package org.lunette.scsi.copy;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.lunette.bridge.memory.Memory;
import org.lunette.bridge.memory.Region;
import org.lunette.command.AdditionalSense;
import org.lunette.command.Command;
import org.lunette.command.Completion;
import org.lunette.command.DataDirection;
import org.lunette.command.ScsiStatus;
import org.lunette.command.SenseKey;
import org.lunette.command.TaskAttribute;
import org.lunette.scsi.task.Task;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A copy under way: reads pieces from copy sources and writes them to copy destinations by READ and WRITE commands of
 * its own, one at a time, so that all that a unit checks of a command is checked of these.
 */
final class Copy implements Completion, Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(Copy.class);
    private static final long READ_16 = 0x88L << 56;
    private static final long WRITE_16 = 0x8aL << 56;

    /** What the last command was. */
    private enum Phase {
        NONE,
        READING,
        WRITING
    }

    private final CopyManager manager;
    private final CopyPlan plan;
    private final CopyOperation operation;
    private final Task task;
    private final int statusIfGood;
    private final Command command = new Command(this, this);
    // 1 while a thread is in takeTurns(); more while a command has also ended. So units that end commands at once make
    // a loop here, and not a recursion.
    private final AtomicInteger turns = new AtomicInteger();

    private Runnable ifGood = () -> {};
    private Region buffer;
    private int filledBytes;
    private Phase phase = Phase.NONE;
    private int headBytes;
    private int movingBytes;

    private CopyStep step = new CopyStep(List.of(), List.of(), true);
    private boolean started;
    private int fromIndex;
    private long fromDoneBytes;
    private int toIndex;
    private long toDoneBytes;

    /**
     * @param task what ends with the copy; null if it goes on in the background
     * @param statusIfGood the COPY OPERATION STATUS if nothing fails
     */
    Copy(CopyManager manager, CopyPlan plan, CopyOperation operation, Task task, int statusIfGood) {
        this.manager = manager;
        this.plan = plan;
        this.operation = operation;
        this.task = task;
        this.statusIfGood = statusIfGood;
    }

    CopyPlan plan() {
        return plan;
    }

    CopyOperation operation() {
        return operation;
    }

    /** Lends it the memory to copy through, which the manager takes back at the end. */
    void lend(Region memory) {
        buffer = memory;
    }

    Region buffer() {
        return buffer;
    }

    /** Says what is done before a copy that did not fail ends. */
    void whenGood(Runnable action) {
        ifGood = action;
    }

    @Override
    public void run() {
        turns.set(1);
        takeTurns();
    }

    @Override
    public void completed(Command ended) {
        if (turns.getAndIncrement() == 0) {
            takeTurns();
        }
    }

    private void takeTurns() {
        boolean goesOn;
        do {
            goesOn = turn();
        } while (goesOn && turns.decrementAndGet() != 0);
    }

    /** Looks at how the last command ended, and sends the next; returns false when the copy has ended. */
    private boolean turn() {
        CopyFailure failure = null;
        try {
            if (advance()) {
                return true;
            }
        } catch (CopyFailure e) {
            failure = e;
        } catch (RuntimeException | Error e) { // nobody else would end the copy
            LOG.error("a copy failed", e);
            failure = CopyFailure.of(SenseKey.HARDWARE_ERROR, AdditionalSense.INTERNAL_TARGET_FAILURE);
        }
        end(failure);
        return false;
    }

    /** Returns false when all is done, or the task is aborted. */
    private boolean advance() throws CopyFailure {
        lookAtCommand();
        if (operation.isCancelled()) {
            throw CopyFailure.of(SenseKey.COPY_ABORTED, AdditionalSense.COPY_TARGET_DEVICE_NOT_REACHABLE);
        }
        if (task != null && task.command().isAborted()) {
            return false;
        }
        if (task != null) {
            task.progressed();
        }
        while (true) {
            if (toIndex < step.to().size()) {
                Extent to = step.to().get(toIndex);
                int wanted = wantedBytes(to);
                if (filledBytes >= wanted) {
                    write(to, wanted);
                    return true;
                }
                if (read(wanted - filledBytes)) {
                    return true;
                }
            } else if (fromIndex < step.from().size()) { // left over, for the next step
                if (read((int) (step.from().get(fromIndex).lengthBytes() - fromDoneBytes))) {
                    return true;
                }
            } else if (!nextStep()) {
                return false;
            }
        }
    }

    private boolean nextStep() throws CopyFailure {
        if (started) {
            plan.stepDone();
        }
        started = true;
        if (!step.keepsResidue()) {
            filledBytes = 0;
        }
        step = plan.next(filledBytes);
        fromIndex = 0;
        fromDoneBytes = 0;
        toIndex = 0;
        toDoneBytes = 0;
        return step != null;
    }

    private int wantedBytes(Extent to) {
        CopyDevice device = to.device();
        long most = Math.min(CopyBuffers.PIECE_BYTES, device.maxTransferBytes() & -device.blockBytes());
        return (int) Math.min(most, to.lengthBytes() - toDoneBytes);
    }

    // ---- reading ----

    /** Reads up to so many bytes; returns false if they are there at once. */
    private boolean read(int wanted) {
        Extent from = step.from().get(fromIndex);
        int bytes = (int) Math.min(wanted, from.lengthBytes() - fromDoneBytes);
        CopyDevice device = from.device();
        if (device == null) {
            Memory.fill(buffer.address() + filledBytes, bytes, (byte) 0);
            took(bytes);
            return false;
        }
        long offset = from.offsetBytes() + fromDoneBytes;
        headBytes = (int) (offset & device.blockBytes() - 1);
        movingBytes = (int) Math.min(bytes, (device.maxTransferBytes() & -device.blockBytes()) - headBytes);
        int span = headBytes + movingBytes + device.blockBytes() - 1 & -device.blockBytes();
        phase = Phase.READING;
        send(device, READ_16, offset - headBytes, DataDirection.IN, buffer.address() + filledBytes, span);
        return true;
    }

    private void took(int bytes) {
        filledBytes += bytes;
        fromDoneBytes += bytes;
        if (fromDoneBytes == step.from().get(fromIndex).lengthBytes()) {
            fromIndex++;
            fromDoneBytes = 0;
        }
    }

    // ---- writing ----

    private void write(Extent to, int bytes) {
        movingBytes = bytes;
        phase = Phase.WRITING;
        send(to.device(), WRITE_16, to.offsetBytes() + toDoneBytes, DataDirection.OUT, buffer.address(), bytes);
    }

    private void wasWritten() {
        filledBytes -= movingBytes;
        if (filledBytes > 0) {
            Memory.copy(buffer.address() + movingBytes, buffer.address(), filledBytes);
        }
        toDoneBytes += movingBytes;
        operation.transferred(movingBytes);
        if (toDoneBytes == step.to().get(toIndex).lengthBytes()) {
            toIndex++;
            toDoneBytes = 0;
            plan.extentWritten();
        }
    }

    // ---- commands ----

    private void send(CopyDevice to, long code, long offset, DataDirection direction, long address, int bytes) {
        int block = to.blockBytes();
        long lba = offset / block;
        command.begin(plan.nexus(direction == DataDirection.IN), 0, 0, TaskAttribute.SIMPLE);
        command.setCdbWords(code | lba >>> 16, lba << 48 | (long) (bytes / block) << 16);
        command.setData(direction, address, bytes, bytes);
        int use = command.use();
        try {
            to.execute(command);
        } catch (RuntimeException | Error e) { // as the ring does for commands from outside
            LOG.error("a handler failed at {}", command, e);
            command.failUse(use, SenseKey.HARDWARE_ERROR, AdditionalSense.INTERNAL_TARGET_FAILURE);
        }
    }

    private void lookAtCommand() throws CopyFailure {
        Phase was = phase;
        phase = Phase.NONE;
        if (was == Phase.NONE) {
            return;
        }
        if (command.status() != ScsiStatus.GOOD || command.isAborted()) { // the unit was reset, perhaps
            throw plan.failed(was == Phase.READING, command);
        }
        if (was == Phase.WRITING) {
            wasWritten();
            return;
        }
        if (headBytes > 0) {
            long at = buffer.address() + filledBytes;
            Memory.copy(at + headBytes, at, movingBytes);
        }
        plan.wasRead();
        took(movingBytes);
    }

    private void end(CopyFailure failure) {
        manager.ended(this);
        boolean aborted = task != null && task.command().isAborted();
        byte[] sense = failure == null ? new byte[0] : failure.sense(operation.descriptorSense());
        if (failure == null && !aborted) {
            ifGood.run();
        }
        if (aborted || operation.isCancelled()) {
            operation.end(CopyOperation.TERMINATED, sense);
        } else {
            operation.end(failure == null ? statusIfGood : CopyOperation.COMPLETED_WITH_ERRORS, sense);
        }
        if (task == null || aborted && task.endedByAbort()) {
            return;
        }
        if (failure == null) {
            task.good();
        } else {
            task.fail(sense, sense.length);
        }
    }
}
