package org.lunette.bridge.scstuser;

/**
 * One open descriptor of {@code /dev/scst_user}, which becomes one SCSI device when it is registered; or a model of
 * one.
 *
 * <p>Arguments are addresses of the structures, whose memory the caller keeps valid for the call. A call returns 0 or
 * the negative errno (see {@link org.lunette.bridge.libc.Errno}); none throws. Any number of threads may call at once,
 * but none may be in a call when {@link #close} begins, nor call after it.
 */
public interface ScstUserDevice extends AutoCloseable {
    /**
     * REGISTER_DEVICE with the {@link DevDescFlyweight} at {@code devDescAddress}; on a refusal it may be called again.
     */
    int register(long devDescAddress);

    /**
     * REPLY_AND_GET_MULTI with the {@link GetMultiFlyweight} at {@code getMultiAddress}: gives replies to the kernel,
     * then waits for a subcommand and fetches what is ready.
     *
     * @return 0; -EINTR or -EAGAIN if all replies were taken and nothing was fetched; else the error of the first reply
     *     that was not taken, or, if all were, of the fetching
     */
    int replyAndGetMulti(long getMultiAddress);

    /** REPLY_CMD with the {@link ReplyCmdFlyweight} at {@code replyAddress}: gives one reply, without waiting. */
    int replyCommand(long replyAddress);

    /** GET_EXTENDED_CDB with the {@link GetExtCdbFlyweight} at {@code getExtCdbAddress}. */
    int extendedCdb(long getExtCdbAddress);

    /**
     * SET_OPTIONS with the {@link OptFlyweight} at {@code optAddress}. Waits until no command is under way, so never
     * for the only thread that handles commands.
     */
    int setOptions(long optAddress);

    /** GET_OPTIONS into the {@link OptFlyweight} at {@code optAddress}. */
    int options(long optAddress);

    /** DEVICE_CAPACITY_CHANGED: raises the unit attention CAPACITY DATA HAS CHANGED for all sessions. */
    int capacityChanged();

    /**
     * PREALLOC_BUFFER with the {@link PreallocBufferFlyweight} at {@code preallocBufferAddress}: gives the kernel's
     * cache a buffer.
     */
    int preallocateBuffer(long preallocBufferAddress);

    /** FLUSH_CACHE: lets the kernel give all cached buffers back. Waits until no command is under way. */
    int flushCache();

    /**
     * UNREGISTER_DEVICE: threads that wait in {@link #replyAndGetMulti} come back with -EAGAIN, and none waits there
     * from then on. The device stays registered until it is closed.
     */
    int wakeThreads();

    /**
     * Ends the device. What the kernel still had under way it ends itself; buffers that it had cached belong to the
     * caller again. Returns when the device's name is free, or after a bounded time.
     */
    @Override
    void close();
}
