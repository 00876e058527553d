package org.lunette.scsi.copy;

import org.lunette.command.Nexus;

/** How far a copy is, and what came of it; what the RECEIVE commands tell. Any thread may call. */
final class CopyOperation {
    // COPY OPERATION STATUS; SPC-5.
    static final int COMPLETED = 0x01;
    static final int COMPLETED_WITH_ERRORS = 0x02;
    static final int COMPLETED_WITH_RESIDUAL_DATA = 0x04;
    static final int IN_PROGRESS_FOREGROUND = 0x11;
    static final int IN_PROGRESS_BACKGROUND = 0x12;
    static final int TERMINATED = 0x60;

    private static final byte[] NO_SENSE = {};

    private final Nexus nexus;
    private final ListIdentifier id;
    private final int serviceAction;
    private final boolean descriptorSense;

    // Written by the thread that copies, one at a time; the status last.
    private volatile long transferredBytes;
    private volatile int segmentsProcessed;
    private volatile byte[] sense = NO_SENSE;
    private volatile RodToken token;
    private volatile int status;
    private volatile boolean cancelled;

    CopyOperation(Nexus nexus, ListIdentifier id, int serviceAction, boolean background, boolean descriptorSense) {
        this.nexus = nexus;
        this.id = id;
        this.serviceAction = serviceAction;
        this.descriptorSense = descriptorSense;
        this.status = background ? IN_PROGRESS_BACKGROUND : IN_PROGRESS_FOREGROUND;
    }

    Nexus nexus() {
        return nexus;
    }

    ListIdentifier id() {
        return id;
    }

    /** Of the command that asked for it. */
    int serviceAction() {
        return serviceAction;
    }

    boolean descriptorSense() {
        return descriptorSense;
    }

    long transferredBytes() {
        return transferredBytes;
    }

    int segmentsProcessed() {
        return segmentsProcessed;
    }

    /** The COPY OPERATION STATUS. */
    int status() {
        return status;
    }

    boolean isUnderWay() {
        int now = status;
        return now == IN_PROGRESS_FOREGROUND || now == IN_PROGRESS_BACKGROUND;
    }

    boolean failed() {
        int now = status;
        return now == COMPLETED_WITH_ERRORS || now == TERMINATED;
    }

    /** The sense data of a copy that failed; else empty. Not to be altered. */
    byte[] sense() {
        return sense;
    }

    /** What POPULATE TOKEN has made; null without. */
    RodToken token() {
        return token;
    }

    void transferred(long moreBytes) {
        transferredBytes += moreBytes; // of one thread at a time
    }

    void segmentProcessed() {
        segmentsProcessed++;
    }

    void setToken(RodToken made) {
        token = made;
    }

    void end(int how) {
        status = how;
    }

    void end(int how, byte[] senseData) {
        sense = senseData;
        status = how;
    }

    /** Has the copy end soon: its nexus or a unit is going. */
    void cancel() {
        cancelled = true;
    }

    boolean isCancelled() {
        return cancelled;
    }
}
