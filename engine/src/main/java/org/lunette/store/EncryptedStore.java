package org.lunette.store;

/** A store whose data lies encrypted under keys that it alone has, and can forget: SCSI's cryptographic erase. */
public interface EncryptedStore extends Store {
    /**
     * Replaces the keys by new random ones, and keeps no copy of the old: what was written before is noise from then
     * on, but for what takes no space, which goes on reading as zeros. What a transfer does at the same time is lost or
     * not.
     */
    void eraseKeys(StoreCompletion completion);
}
