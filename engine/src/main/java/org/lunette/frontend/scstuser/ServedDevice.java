package org.lunette.frontend.scstuser;

import java.util.concurrent.TimeUnit;
import org.lunette.bridge.libc.Errno;
import org.lunette.bridge.memory.Memory;
import org.lunette.bridge.memory.Region;
import org.lunette.bridge.scstuser.MemoryReuse;
import org.lunette.bridge.scstuser.ReplyCmdFlyweight;
import org.lunette.bridge.scstuser.ScstUser;
import org.lunette.bridge.scstuser.ScstUserDevice;
import org.lunette.bridge.scstuser.ScstUserDevices;
import org.lunette.bridge.scstuser.ScstUserException;
import org.lunette.command.CommandHandler;
import org.lunette.metrics.Counter;
import org.lunette.metrics.Counters;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the loops of one device share: the device behind a gate, the sessions, the buffers. Thread-safe. */
final class ServedDevice {
    private static final Logger LOG = LoggerFactory.getLogger(ServedDevice.class);
    /** Calls that do not wait for a subcommand end by themselves, and soon. */
    private static final long LAST_CALLS_NANOS = TimeUnit.SECONDS.toNanos(2);

    private final ScstUserSettings settings;
    private final Counters counters;
    private final Sessions sessions;
    private final DataBuffers buffers;
    private final CallGate gate = new CallGate();
    private final RateLimit logged = new RateLimit();
    private volatile boolean givenUp;
    private ScstUserDevice device;
    private Runnable commandEndedElsewhere;

    ServedDevice(ScstUserSettings settings, CommandHandler unit, Counters counters) {
        this.settings = settings;
        this.counters = counters;
        this.sessions = new Sessions(unit);
        this.buffers = new DataBuffers(
                "scst_user data: " + settings.name(),
                settings.maxBufferBytes(),
                settings.memoryReuse() != MemoryReuse.ALL);
    }

    /** Opens and registers the device; before any other call of it. */
    void register(ScstUserDevices devices) throws ScstUserException {
        device = devices.open(settings.description());
    }

    /** Sets who hears of commands that ended on a thread which is none of ours. */
    void onCommandEndedElsewhere(Runnable listener) {
        commandEndedElsewhere = listener;
    }

    void commandEndedElsewhere() {
        commandEndedElsewhere.run();
    }

    ScstUserSettings settings() {
        return settings;
    }

    Sessions sessions() {
        return sessions;
    }

    DataBuffers buffers() {
        return buffers;
    }

    void count(Counter counter) {
        counters.increment(counter);
    }

    /** See {@link ScstUserDevice#replyAndGetMulti}; -ENODEV once the device is closed. */
    int replyAndGetMulti(long getMultiAddress) {
        if (!gate.enter()) {
            return -Errno.ENODEV;
        }
        try {
            return device.replyAndGetMulti(getMultiAddress);
        } finally {
            gate.leave();
        }
    }

    /** See {@link ScstUserDevice#extendedCdb}; -ENODEV once the device is closed. */
    int extendedCdb(long getExtCdbAddress) {
        if (!gate.enter()) {
            return -Errno.ENODEV;
        }
        try {
            return device.extendedCdb(getExtCdbAddress);
        } finally {
            gate.leave();
        }
    }

    /** See {@link ScstUserDevice#capacityChanged}; -ENODEV once the device is closed. */
    int capacityChanged() {
        if (!gate.enter()) {
            return -Errno.ENODEV;
        }
        try {
            return device.capacityChanged();
        } finally {
            gate.leave();
        }
    }

    /** Gives one reply, which brings the buffer {@code lent} to the kernel unless that is 0. */
    void replyAlone(ReplyCmdFlyweight reply, long lent) {
        int result = -Errno.ENODEV;
        if (gate.enter()) {
            try {
                result = device.replyCommand(reply.address());
            } finally {
                gate.leave();
            }
        }
        if (result < 0) {
            replyRefused(reply, result, lent);
        }
    }

    /** Gives one reply that has nothing but a result. */
    void replyResult(int handle, int subcode, int result) {
        try (Region memory = Region.allocate("scst_user reply", ReplyCmdFlyweight.BYTES)) {
            replyAlone(
                    new ReplyCmdFlyweight()
                            .wrap(memory.address())
                            .cmdH(handle)
                            .subcode(subcode)
                            .result(result),
                    0);
        }
    }

    /**
     * Deals with a reply that the kernel did not take. It has dropped the command, or ended it itself: the reply is not
     * given again.
     */
    void replyRefused(ReplyCmdFlyweight reply, int result, long lent) {
        boolean gone = result == -Errno.ESRCH;
        boolean beforeTheBuffer = gone || result == -Errno.EINVAL || result == -Errno.ENODEV;
        if (lent != 0 && (beforeTheBuffer || reply.subcode() == ScstUser.SCST_USER_ALLOC_MEM)) {
            buffers.giveBack(lent); // else the kernel may have it, and will say when it has not
        }
        if (gone || result == -Errno.ENODEV) {
            replyTooLate();
            return;
        }
        counters.increment(Counter.SCST_REPLY_REFUSED);
        if (logged.permits()) {
            LOG.warn(
                    "{}: SCST refuses the reply to subcommand {}h: {}; the kernel log may tell more",
                    settings.name(),
                    Integer.toHexString(reply.subcode()),
                    Errno.describe(result));
        }
    }

    /** Counts a reply to a command that waits for none any more. */
    void replyTooLate() {
        counters.increment(Counter.SCST_REPLY_TOO_LATE);
    }

    /** Lets threads that wait for subcommands come back, and wait no more. */
    void wakeThreads() {
        int result = device.wakeThreads();
        if (result < 0) {
            LOG.warn(
                    "{}: SCST does not wake the threads that wait for commands: {}",
                    settings.name(),
                    Errno.describe(result));
        }
    }

    /** Says that the kernel will end whatever has been fetched. */
    void giveUp() {
        givenUp = true;
    }

    /** Whether commands that begin now count as aborted. */
    boolean isGivenUp() {
        return givenUp;
    }

    /**
     * Closes the device. Calls that come later are not passed on; those under way are waited for, since their
     * descriptor may become another file's.
     */
    void closeDevice() {
        if (!gate.close(System.nanoTime() + LAST_CALLS_NANOS)) {
            LOG.warn(
                    "{}: a thread has not come back from the kernel within {} s",
                    settings.name(),
                    TimeUnit.NANOSECONDS.toSeconds(LAST_CALLS_NANOS));
        }
        device.close();
    }

    static void zero(ReplyCmdFlyweight reply) {
        Memory.fill(reply.address(), ReplyCmdFlyweight.BYTES, (byte) 0);
    }
}
