package org.lunette.store;

/** Opens stores of one kind; found by {@link java.util.ServiceLoader}. */
public interface StoreProvider {
    /** The name before the colon of a store's specification. */
    String kind();

    /** One line of help: the form of the specification after the colon, and what the store is. */
    String usage();

    /**
     * Opens a store.
     *
     * @throws StoreException if it cannot be opened; the message says what is wrong and what would be right
     */
    Store open(StoreSpec spec) throws StoreException;
}
