package org.lunette.frontend.iscsi.session;

/**
 * What a portal grants its peers at most. The setters are for whoever makes it, before it is in use; each returns this
 * object and refuses a value that makes no sense.
 */
public final class IscsiLimits {
    private int connections = 1024;
    private int logins = 128;
    private int sessions = 256;
    private int commandsPerSession = 128;
    private int immediateCommandsPerSession = 16;
    private int managementRequestsPerSession = 32;
    private int receiveSegmentBytes = 256 << 10;
    private int burstBytes = 1 << 20;
    private int firstBurstBytes = 256 << 10;
    private int outstandingR2ts = 8;
    private int transferBytes = 16 << 20;
    private int textBytes = 64 << 10;
    private int loginRequests = 64;
    private long sessionBufferBytes = 256L << 20;
    private long bufferBytes = 1L << 30;
    private long loginTimeoutMs = 30_000;
    private long authenticationPauseMs = 1_000;
    private long idlePingMs = 60_000;
    private long pingTimeoutMs = 60_000;

    /** TCP connections at a time; one more is closed as soon as it is accepted. */
    public int connections() {
        return connections;
    }

    public IscsiLimits connections(int value) {
        this.connections = within("connections", value, 1, 1 << 20);
        return this;
    }

    /** Connections that have not reached full feature phase; one more takes the place of the oldest of them. */
    public int logins() {
        return logins;
    }

    public IscsiLimits logins(int value) {
        this.logins = within("logins", value, 1, 1 << 20);
        return this;
    }

    /** Sessions at a time; the login of one more fails with 0302h, out of resources. */
    public int sessions() {
        return sessions;
    }

    public IscsiLimits sessions(int value) {
        this.sessions = within("sessions", value, 1, 0xffff);
        return this;
    }

    /** The width of the CmdSN window. */
    public int commandsPerSession() {
        return commandsPerSession;
    }

    public IscsiLimits commandsPerSession(int value) {
        this.commandsPerSession = within("commands per session", value, 1, 4096);
        return this;
    }

    /** Immediate SCSI commands at a time, beside the window; one more is rejected. */
    public int immediateCommandsPerSession() {
        return immediateCommandsPerSession;
    }

    public IscsiLimits immediateCommandsPerSession(int value) {
        this.immediateCommandsPerSession = within("immediate commands per session", value, 0, 1024);
        return this;
    }

    /** Task management functions that may wait at a time; one more is answered with function rejected. */
    public int managementRequestsPerSession() {
        return managementRequestsPerSession;
    }

    public IscsiLimits managementRequestsPerSession(int value) {
        this.managementRequestsPerSession = within("management requests per session", value, 1, 1024);
        return this;
    }

    /** The MaxRecvDataSegmentLength that is declared: the longest data segment accepted in full feature phase. */
    public int receiveSegmentBytes() {
        return receiveSegmentBytes;
    }

    public IscsiLimits receiveSegmentBytes(int value) {
        this.receiveSegmentBytes = within("receive segment bytes", value, 512, 0xff_ffff);
        return this;
    }

    /** The highest MaxBurstLength agreed to. */
    public int burstBytes() {
        return burstBytes;
    }

    public IscsiLimits burstBytes(int value) {
        this.burstBytes = within("burst bytes", value, 512, 0xff_ffff);
        return this;
    }

    /** The highest FirstBurstLength agreed to. */
    public int firstBurstBytes() {
        return firstBurstBytes;
    }

    public IscsiLimits firstBurstBytes(int value) {
        this.firstBurstBytes = within("first burst bytes", value, 512, 0xff_ffff);
        return this;
    }

    /** The highest MaxOutstandingR2T agreed to. */
    public int outstandingR2ts() {
        return outstandingR2ts;
    }

    public IscsiLimits outstandingR2ts(int value) {
        this.outstandingR2ts = within("outstanding R2Ts", value, 1, 64);
        return this;
    }

    /**
     * The most data that one command may transfer; a logical unit must not announce a longer maximum transfer length.
     */
    public int transferBytes() {
        return transferBytes;
    }

    public IscsiLimits transferBytes(int value) {
        this.transferBytes = within("transfer bytes", value, 4096, DataBufferPool.MAX_BUFFER_BYTES);
        return this;
    }

    /** The most text of one login or text negotiation, over all its PDUs, and the most data of one ping. */
    public int textBytes() {
        return textBytes;
    }

    public IscsiLimits textBytes(int value) {
        this.textBytes = within("text bytes", value, 8192, 1 << 20);
        return this;
    }

    /** How many requests a login may take. */
    public int loginRequests() {
        return loginRequests;
    }

    public IscsiLimits loginRequests(int value) {
        this.loginRequests = within("login requests", value, 2, 1024);
        return this;
    }

    /** Data buffers that one session may hold; commands beyond end with TASK SET FULL. */
    public long sessionBufferBytes() {
        return sessionBufferBytes;
    }

    public IscsiLimits sessionBufferBytes(long value) {
        this.sessionBufferBytes = within("session buffer bytes", value, 1 << 20, 1L << 40);
        return this;
    }

    /**
     * Data buffers in all. A session gets no more of them than are left for all others then, so that one alone has half
     * at most, and one more always finds some; commands beyond end with TASK SET FULL or BUSY. It should be far more
     * than twice {@link #transferBytes()}.
     */
    public long bufferBytes() {
        return bufferBytes;
    }

    public IscsiLimits bufferBytes(long value) {
        this.bufferBytes = within("buffer bytes", value, 1 << 20, 1L << 40);
        return this;
    }

    /** How long a connection may take to reach full feature phase. */
    public long loginTimeoutMs() {
        return loginTimeoutMs;
    }

    public IscsiLimits loginTimeoutMs(long value) {
        this.loginTimeoutMs = within("login timeout ms", value, 1, Integer.MAX_VALUE);
        return this;
    }

    /** How long a login that fails by its authentication waits for its answer, at least; never beyond the above. */
    public long authenticationPauseMs() {
        return authenticationPauseMs;
    }

    public IscsiLimits authenticationPauseMs(long value) {
        this.authenticationPauseMs = within("authentication pause ms", value, 0, Integer.MAX_VALUE);
        return this;
    }

    /** After how much silence a peer is pinged. */
    public long idlePingMs() {
        return idlePingMs;
    }

    public IscsiLimits idlePingMs(long value) {
        this.idlePingMs = within("idle ping ms", value, 1, Integer.MAX_VALUE);
        return this;
    }

    /** How long a pinged peer may stay silent before its connection is closed. */
    public long pingTimeoutMs() {
        return pingTimeoutMs;
    }

    public IscsiLimits pingTimeoutMs(long value) {
        this.pingTimeoutMs = within("ping timeout ms", value, 1, Integer.MAX_VALUE);
        return this;
    }

    private static int within(String what, int value, int min, int max) {
        return (int) within(what, (long) value, min, max);
    }

    private static long within(String what, long value, long min, long max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(what + ": " + value + " is not within " + min + " to " + max);
        }
        return value;
    }
}
