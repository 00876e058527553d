package org.lunette.store;

/** Told how a {@link Store} operation ended; must not block or throw. */
@FunctionalInterface
public interface StoreCompletion {
    /**
     * The operation has ended.
     *
     * @param status how
     * @param errorOffsetBytes where in the store the first failed byte is, or -1 if that is unknown or there was no
     *     failure
     */
    void ended(StoreStatus status, long errorOffsetBytes);
}
