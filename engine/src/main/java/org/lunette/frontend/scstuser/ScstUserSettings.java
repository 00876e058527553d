package org.lunette.frontend.scstuser;

import java.util.Objects;
import org.lunette.bridge.scstuser.DeviceDescription;
import org.lunette.bridge.scstuser.MemoryReuse;
import org.lunette.bridge.scstuser.OnFreeType;
import org.lunette.bridge.scstuser.ParseType;

/**
 * How a device is served.
 *
 * @param name the device's name in SCST
 * @param deviceType the peripheral device type; SPC-5, 6.7.2
 * @param blockBytes the logical block length
 * @param threads how many threads fetch commands; SCST's own work for the device runs in them as well
 * @param batchCommands how many commands a thread fetches at once
 * @param memoryReuse whose data buffers the kernel keeps
 * @param maxBufferBytes how much memory may be lent to the kernel for data; commands beyond it end with BUSY
 * @param stopTimeoutMs how long {@link ScstUserFrontEnd#close} waits for the commands under way
 */
public record ScstUserSettings(
        String name,
        int deviceType,
        int blockBytes,
        int threads,
        int batchCommands,
        MemoryReuse memoryReuse,
        long maxBufferBytes,
        int stopTimeoutMs) {
    public static final int MAX_THREADS = 64;
    public static final int MAX_BATCH_COMMANDS = 256;

    private static final int DEFAULT_THREADS = 4;
    private static final int DEFAULT_BATCH_COMMANDS = 16;
    private static final long DEFAULT_MAX_BUFFER_BYTES = 1L << 30;
    private static final int DEFAULT_STOP_TIMEOUT_MS = 10_000;

    /**
     * @throws IllegalArgumentException for what cannot be served; its message names the setting and what would be right
     */
    public ScstUserSettings {
        Objects.requireNonNull(memoryReuse);
        if (threads < 1 || threads > MAX_THREADS) {
            throw new IllegalArgumentException(
                    threads + " threads for " + name + ": 1 to " + MAX_THREADS + " can serve a device");
        }
        if (batchCommands < 1 || batchCommands > MAX_BATCH_COMMANDS) {
            throw new IllegalArgumentException("batches of " + batchCommands + " commands for " + name + ": 1 to "
                    + MAX_BATCH_COMMANDS + " are possible");
        }
        if (maxBufferBytes < 1 || stopTimeoutMs < 0) {
            throw new IllegalArgumentException("the limits of " + name + " must be positive: " + maxBufferBytes
                    + " buffer bytes, stop within " + stopTimeoutMs + " ms");
        }
        description(name, deviceType, blockBytes, memoryReuse);
    }

    /** The settings that serve most devices well. */
    public static ScstUserSettings of(String name, int deviceType, int blockBytes) {
        return new ScstUserSettings(
                name,
                deviceType,
                blockBytes,
                DEFAULT_THREADS,
                DEFAULT_BATCH_COMMANDS,
                MemoryReuse.ALL,
                DEFAULT_MAX_BUFFER_BYTES,
                DEFAULT_STOP_TIMEOUT_MS);
    }

    /** These settings with another number of threads. */
    public ScstUserSettings withThreads(int threads) {
        return new ScstUserSettings(
                name, deviceType, blockBytes, threads, batchCommands, memoryReuse, maxBufferBytes, stopTimeoutMs);
    }

    /** These settings with other batches. */
    public ScstUserSettings withBatchCommands(int batchCommands) {
        return new ScstUserSettings(
                name, deviceType, blockBytes, threads, batchCommands, memoryReuse, maxBufferBytes, stopTimeoutMs);
    }

    /** These settings with another way to use buffers again. */
    public ScstUserSettings withMemoryReuse(MemoryReuse memoryReuse) {
        return new ScstUserSettings(
                name, deviceType, blockBytes, threads, batchCommands, memoryReuse, maxBufferBytes, stopTimeoutMs);
    }

    /** These settings with other limits. */
    public ScstUserSettings withLimits(long maxBufferBytes, int stopTimeoutMs) {
        return new ScstUserSettings(
                name, deviceType, blockBytes, threads, batchCommands, memoryReuse, maxBufferBytes, stopTimeoutMs);
    }

    DeviceDescription description() {
        return description(name, deviceType, blockBytes, memoryReuse);
    }

    /** ON_FREE_CMD is wanted only where it is the way that buffers come back. */
    private static DeviceDescription description(String name, int deviceType, int blockBytes, MemoryReuse memoryReuse) {
        OnFreeType onFree = memoryReuse == MemoryReuse.ALL ? OnFreeType.IGNORE : OnFreeType.CALL;
        return new DeviceDescription(name, deviceType, blockBytes, ParseType.EXCEPTION, memoryReuse, onFree, true);
    }
}
