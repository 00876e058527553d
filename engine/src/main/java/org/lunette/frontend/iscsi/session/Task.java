package org.lunette.frontend.iscsi.session;

import org.lunette.command.AdditionalSense;
import org.lunette.command.Command;
import org.lunette.command.Completion;
import org.lunette.command.DataDirection;
import org.lunette.command.ScsiStatus;
import org.lunette.command.SenseKey;

/**
 * A SCSI command of a session from its PDU to its status: the {@link Command} that the device sees, the buffer of its
 * data, and where it is. Used again and again; confined to the session's thread, but for {@link #completed} and
 * {@link #overdue(Command, int)}.
 */
final class Task implements Completion, CommandWindow.Request {
    /** Where a task is. */
    enum State {
        FREE,
        /** Its PDU is being received. */
        ARRIVING,
        /** It waits for commands with a lower CmdSN. */
        EARLY,
        /** It waits for data, or for its turn behind an ORDERED task. */
        WAITING,
        /** The device has it. */
        IN_DEVICE,
        /** Its data go out. */
        SENDING,
        /** It was over its deadline and has its answer, but the device still has the command and its buffer. */
        ABANDONED
    }

    private final Session session;
    private final Command command = new Command(this, this);
    final WriteTransfer transfer;

    State state = State.FREE;
    DataBuffer buffer;
    Task nextHandedOver;

    private int tag;
    long lun;
    int cmdSn;
    boolean immediate;
    /** Narrows the command window. */
    boolean counted;

    /** ORDERED, or behind one, and so not yet with the device; see {@link TaskOrder}. */
    boolean barred;

    /** Counts among the tasks that a later ORDERED one waits for. */
    boolean current;

    /** Aborted by its own session, and so to end without status. */
    boolean givenUp;

    /** Ends without the device once the initiator has sent what it still owes. */
    private boolean failed;

    private ScsiStatus failureStatus;
    private SenseKey failureKey;
    private AdditionalSense failureCode;

    /** Of the data that go out: how many, how many did, and the DataSN of the next PDU. */
    int sendBytes;

    int sentBytes;
    int burstSentBytes;
    int dataSn;
    long residualBytes;

    Task(Session session, int maxOutstandingR2t) {
        this.session = session;
        this.transfer = new WriteTransfer(maxOutstandingR2t);
    }

    Command command() {
        return command;
    }

    /** The Initiator Task Tag. */
    int tag() {
        return tag;
    }

    void begin(int tag, long lun, int cmdSn, boolean immediate) {
        this.tag = tag;
        this.lun = lun;
        this.cmdSn = cmdSn;
        this.immediate = immediate;
        this.state = State.ARRIVING;
        this.barred = false;
        this.current = false;
        this.failed = false;
        this.givenUp = false;
        this.counted = false;
        this.dataSn = 0;
        this.transfer.begin(0, 0, 0, false);
    }

    boolean isWrite() {
        return command.direction() == DataDirection.OUT;
    }

    /** Whether the device can have it: its data are here. */
    boolean isReady() {
        return !failed && transfer.isComplete();
    }

    /** Whether the task ends without the device. */
    boolean hasFailed() {
        return failed;
    }

    /** Notes that the task is to end with CHECK CONDITION; the first failure counts. */
    void fail(SenseKey key, AdditionalSense code) {
        if (!failed) {
            failed = true;
            failureStatus = ScsiStatus.CHECK_CONDITION;
            failureKey = key;
            failureCode = code;
        }
    }

    /** Notes that the task is to end with a status that has no sense data; the first failure counts. */
    void fail(ScsiStatus status) {
        if (!failed) {
            failed = true;
            failureStatus = status;
        }
    }

    /** Ends a task that has failed. */
    void completeFailed() {
        if (failureStatus == ScsiStatus.CHECK_CONDITION) {
            command.completeCheckCondition(failureKey, failureCode);
        } else {
            command.complete(failureStatus);
        }
    }

    void releaseBuffer() {
        if (buffer != null) {
            buffer.release();
            buffer = null;
        }
    }

    @Override
    public void deliver() {
        session.deliver(this);
    }

    @Override
    public void completed(Command ended) {
        SessionThread thread = session.thread();
        if (thread.isCurrent()) {
            ended();
        } else {
            thread.handOver(this);
        }
    }

    @Override
    public void overdue(Command late, int use) {
        session.thread().execute(() -> overdue(use));
    }

    private void overdue(int use) {
        try {
            session.overdue(this, use);
        } catch (RuntimeException e) {
            session.failed(e);
        }
    }

    /**
     * Continues after completion, on the session's thread. What goes wrong here costs the session, not those of the
     * same thread.
     */
    void ended() {
        try {
            session.ended(this);
        } catch (RuntimeException e) {
            session.failed(e);
        }
    }
}
