package org.lunette.store;

/** How a store operation ended. The device server makes sense data of it, in one place. */
public enum StoreStatus {
    OK,
    /** The range is beyond the store, which has shrunk. */
    OUT_OF_RANGE,
    /** The medium could not be read. */
    READ_FAILED,
    /** The medium could not be written, or what was written could not be made durable. */
    WRITE_FAILED,
    /** There is no space for the data: a full disk, a quota, a thin pool. */
    NO_SPACE,
    /** The store may not be written. */
    READ_ONLY,
    /** What lies below has gone: an unlinked device, a lost connection. It may come back. */
    UNREACHABLE
}
