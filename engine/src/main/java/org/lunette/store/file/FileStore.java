package org.lunette.store.file;

import java.util.Objects;
import java.util.OptionalInt;
import org.lunette.store.Store;
import org.lunette.store.StoreCompletion;
import org.lunette.store.StoreException;
import org.lunette.store.StoreProperties;
import org.lunette.store.StoreStatus;

/**
 * Blocks in a file or on a block device. Every operation completes before it returns.
 *
 * <p><b>Durability.</b> How the store was opened says what a plain write is worth:
 *
 * <table>
 * <caption>What is done for durability</caption>
 * <tr><th>opened</th><th>volatile cache</th><th>plain write</th><th>durable write</th><th>flush</th></tr>
 * <tr><td>buffered</td><td>yes: page cache and device</td><td>pwrite</td><td>pwrite, fdatasync</td><td>fdatasync</td></tr>
 * <tr><td>direct</td><td>yes: the device's</td><td>pwrite</td><td>pwrite, fdatasync</td><td>fdatasync</td></tr>
 * <tr><td>dsync</td><td>no</td><td>pwrite, fdatasync</td><td>the same</td><td>nothing to do</td></tr>
 * <tr><td>direct, dsync</td><td>no</td><td>pwrite (O_DSYNC)</td><td>the same</td><td>nothing to do</td></tr>
 * </table>
 *
 * <p>Holes are as durable as plain writes; a hole is not covered by O_DSYNC, so where there is no volatile cache an
 * fdatasync follows.
 *
 * <p>Once an fdatasync has failed, Linux may have dropped what it could not write, and no later call can bring it back
 * or tell which writes these were. A flush promises all earlier writes; so from then on each flush fails, until the
 * store is opened again. Writes that are made durable one by one are judged one by one, see {@link Durability}.
 *
 * <p>Through the page cache O_DSYNC is not used: two such writes at once on one descriptor can take each other's
 * failure report away. Past the page cache each write has its own result.
 */
final class FileStore implements Store {
    private final Disk disk;
    private final Transfer transfer;
    private final Holes holes;
    private final Durability durability;
    private final Failures failures;
    private final StoreProperties properties;
    private final boolean syncEachWrite;
    private final DiskSize size;
    private final TemperatureSensor sensor;

    /**
     * @param name for the log
     * @param disk owned by the store
     * @param transfer to the disk; owned by the store
     * @param syncEachWrite whether a plain write is followed by an fdatasync
     * @param sensor of the disk below; null if there is none
     */
    FileStore(
            String name,
            Disk disk,
            Transfer transfer,
            StoreProperties properties,
            boolean syncEachWrite,
            long sizeBytes,
            TemperatureSensor sensor) {
        this.disk = disk;
        this.transfer = transfer;
        this.holes = new Holes(disk, transfer, properties.physicalBlockBytes());
        this.durability = new Durability(disk);
        this.failures = new Failures(name);
        this.properties = properties;
        this.syncEachWrite = syncEachWrite;
        this.size = new DiskSize(name, disk, durability, transfer.blockBytes(), properties, sizeBytes);
        this.sensor = sensor;
    }

    @Override
    public StoreProperties properties() {
        return properties;
    }

    @Override
    public long sizeBytes() {
        return size.bytes();
    }

    @Override
    public long sizeBelowBytes() throws StoreException {
        return size.belowBytes();
    }

    @Override
    public void resize(long toBytes) throws StoreException {
        size.change(toBytes);
    }

    /** Ends an operation whose range is beyond the store, or lost: a file that is written there would grow again. */
    private boolean isRefused(long offsetBytes, long lengthBytes, StoreStatus lost, StoreCompletion completion) {
        Objects.checkFromIndexSize(offsetBytes, lengthBytes, Long.MAX_VALUE);
        long present = size.presentBytes();
        if (lengthBytes <= present - offsetBytes) {
            return false;
        }
        if (lengthBytes > size.bytes() - offsetBytes) {
            completion.ended(StoreStatus.OUT_OF_RANGE, -1);
        } else {
            completion.ended(lost, Math.max(offsetBytes, present));
        }
        return true;
    }

    @Override
    public void read(long offsetBytes, long address, int lengthBytes, StoreCompletion completion) {
        if (isRefused(offsetBytes, lengthBytes, StoreStatus.READ_FAILED, completion)) {
            return;
        }
        long outcome = transfer.read(offsetBytes, address, lengthBytes);
        if (outcome == Outcome.DONE) {
            completion.ended(StoreStatus.OK, -1);
        } else {
            long failedOffset = offsetBytes + Outcome.doneBytes(outcome);
            completion.ended(failures.ofRead(failedOffset, Outcome.errno(outcome)), failedOffset);
        }
    }

    @Override
    public void write(long offsetBytes, long address, int lengthBytes, boolean durable, StoreCompletion completion) {
        if (isRefused(offsetBytes, lengthBytes, StoreStatus.WRITE_FAILED, completion)) {
            return;
        }
        if (properties.readOnly()) {
            completion.ended(StoreStatus.READ_ONLY, offsetBytes);
            return;
        }
        long failuresBefore = durability.failures();
        long outcome = transfer.write(offsetBytes, address, lengthBytes);
        boolean sync = syncEachWrite || durable && properties.volatileCache();
        ended(offsetBytes, outcome, sync, failuresBefore, completion);
    }

    private void ended(long offsetBytes, long outcome, boolean sync, long failuresBefore, StoreCompletion completion) {
        if (outcome != Outcome.DONE) {
            long failedOffset = offsetBytes + Outcome.doneBytes(outcome);
            completion.ended(failures.ofWrite(failedOffset, Outcome.errno(outcome)), failedOffset);
        } else if (sync) {
            int errno = durability.sync(failuresBefore);
            completion.ended(errno == 0 ? StoreStatus.OK : failures.ofSync(errno), -1);
        } else {
            completion.ended(StoreStatus.OK, -1);
        }
    }

    /** Flushes all of the store, whatever the range. */
    @Override
    public void flush(long offsetBytes, long lengthBytes, StoreCompletion completion) {
        if (properties.volatileCache()) {
            int errno = durability.sync(0);
            completion.ended(errno == 0 ? StoreStatus.OK : failures.ofFlush(errno), -1);
        } else {
            completion.ended(StoreStatus.OK, -1);
        }
    }

    @Override
    public void unmap(long offsetBytes, long lengthBytes, StoreCompletion completion) {
        if (isRefused(offsetBytes, lengthBytes, StoreStatus.WRITE_FAILED, completion)) {
            return;
        }
        if (properties.readOnly()) {
            completion.ended(StoreStatus.READ_ONLY, offsetBytes);
            return;
        }
        long failuresBefore = durability.failures();
        long outcome = holes.make(offsetBytes, lengthBytes);
        ended(offsetBytes, outcome, !properties.volatileCache(), failuresBefore, completion);
    }

    @Override
    public long extentBytes(long offsetBytes) {
        long end = size.bytes();
        Objects.checkIndex(offsetBytes, end);
        long present = size.presentBytes();
        // What is lost is no hole, which would read as zeros.
        return properties.thin() && offsetBytes < present ? holes.extentBytes(offsetBytes, present) : end - offsetBytes;
    }

    @Override
    public long takenBytes() {
        return Math.min(disk.takenBytes(), size.bytes()); // the file system counts its own records, too
    }

    @Override
    public long availableBytes() {
        return Math.min(Math.max(0, size.bytes() - takenBytes()), disk.freeBytes());
    }

    @Override
    public OptionalInt temperatureC() {
        return sensor == null ? OptionalInt.empty() : sensor.temperatureC();
    }

    @Override
    public void close() {
        holes.close();
        disk.close();
        transfer.close();
    }
}
