package org.lunette.store;

import java.util.OptionalInt;

/**
 * Bytes that outlive a command: what lies under a block device.
 *
 * <p>Any thread may call, several at once. Ranges are in bytes, of any alignment, and within {@link #sizeBytes()}: the
 * device server has checked them; one that is beyond it ends with {@link StoreStatus#OUT_OF_RANGE}, since the store may
 * have shrunk meanwhile. Memory is the caller's, lent by address until the completion is called. Each operation calls
 * its {@link StoreCompletion} exactly once, before it returns or later, on any thread; none throws, but for a range
 * that no store could have, which is the caller's mistake.
 *
 * <p><b>Durability.</b> If {@link StoreProperties#volatileCache()} is false, a write that has succeeded survives power
 * loss. Otherwise only a write with {@code durable}, or one followed by a successful {@link #flush}, does. Reads see
 * every write that has succeeded.
 */
public interface Store extends AutoCloseable {
    /** What the store is and guarantees; constant while it is open. */
    StoreProperties properties();

    /** The size in bytes, which may change while the store is open. */
    long sizeBytes();

    /**
     * The size that what lies below has by now, as far as the store could have it: more than {@link #sizeBytes()} where
     * a file or device has grown, which {@link #resize} takes over; less where it has shrunk: then what is lost ends
     * with failure from here on, until the store is resized. Takes the time of a system call.
     *
     * @throws StoreException if what lies below has gone; the message says how
     */
    default long sizeBelowBytes() throws StoreException {
        return sizeBytes();
    }

    /**
     * Gives the store another size, at once and durably: a growing one reads as zeros where it is new. A smaller one
     * loses what is beyond; no operation there is under way. Takes the time of several I/Os.
     *
     * @throws StoreException if it cannot have that size; the message says why. Then it is as it was
     */
    default void resize(long toBytes) throws StoreException {
        throw new StoreException("a store of kind " + properties().kind() + " keeps its size");
    }

    /** Reads {@code lengthBytes} from {@code offsetBytes} to memory at {@code address}. */
    void read(long offsetBytes, long address, int lengthBytes, StoreCompletion completion);

    /**
     * Writes {@code lengthBytes} from memory at {@code address} to {@code offsetBytes}; {@code durable} is SCSI's FUA.
     */
    void write(long offsetBytes, long address, int lengthBytes, boolean durable, StoreCompletion completion);

    /** Makes every write that has succeeded in the range survive power loss. */
    void flush(long offsetBytes, long lengthBytes, StoreCompletion completion);

    /**
     * Makes a range read as zeros, and gives back what space it took, as far as that can be done: whole blocks of
     * {@link StoreProperties#physicalBlockBytes()} at least. As durable as a plain write. Only for a store that is
     * {@link StoreProperties#thin()}.
     */
    default void unmap(long offsetBytes, long lengthBytes, StoreCompletion completion) {
        throw new IllegalStateException(properties().kind() + ": a store that is not thin has nothing to give back");
    }

    /**
     * Tells of space that was never taken, or was given back: how many bytes from {@code offsetBytes} on, which is less
     * than {@link #sizeBytes()}, are alike in that. Positive if they take space; negative if they take none, and so
     * read as zeros. A moment's view. The end of a stretch is where a reader of the store's own records finds it, and
     * the next stretch may be of the same kind.
     */
    default long extentBytes(long offsetBytes) {
        return sizeBytes() - offsetBytes;
    }

    /**
     * How many of the store's bytes take space; -1 if it cannot tell without looking through all of it. A moment's
     * view, and an estimate as far as what lies below estimates.
     */
    default long takenBytes() {
        return -1;
    }

    /**
     * How many more bytes can take space as things are: what {@link #takenBytes()} leaves of the store, or less where
     * others have a part in what there is. Only for a store that tells the other. A moment's view.
     */
    default long availableBytes() {
        return Math.max(0, sizeBytes() - takenBytes());
    }

    /**
     * The most bytes that one write changes all together or not at all, though it fails or power does: if its range
     * begins and ends at multiples of {@link StoreProperties#physicalBlockBytes()}. Other operations may see a part of
     * it while it lasts.
     */
    default int atomicWriteBytes() {
        return properties().physicalBlockBytes();
    }

    /**
     * How warm the medium is, in degrees Celsius; empty if nothing measures it, or cannot at the moment. Asks a sensor,
     * which may take its time.
     */
    default OptionalInt temperatureC() {
        return OptionalInt.empty();
    }

    /**
     * Releases what the store holds. No operation is under way. Does not flush: what was not flushed was not promised.
     */
    @Override
    void close();
}
