package org.lunette.store;

/**
 * Small named values that a device keeps beside its blocks, and that outlive a restart and a power loss: saved mode
 * pages, identifying information, reservations.
 *
 * <p>Any thread may call. A name is of lower-case letters, digits and dashes.
 */
public interface KeptValues {
    /** The longest value. */
    int MAX_BYTES = 1024 * 1024;

    /** Keeps nothing. */
    KeptValues NONE = new KeptValues() {
        @Override
        public boolean keeps() {
            return false;
        }

        @Override
        public byte[] load(String name) {
            return null;
        }

        @Override
        public void save(String name, byte[] value, StoreCompletion completion) {
            throw new IllegalStateException("there is no place to keep '" + name + "' in");
        }

        @Override
        public String place(String name) {
            return name;
        }
    };

    /** Whether {@link #save} is possible. */
    boolean keeps();

    /** The value as it was last saved; null if it never was. Not to be altered. */
    byte[] load(String name);

    /**
     * Replaces a value as a whole: after a crash there is the old one or the new one. Saves end in the order in which
     * they were asked for. {@code completion} is called once, on any thread, before this returns or later; until it is
     * told OK, {@link #load} gives the old value.
     *
     * @param value at most {@link #MAX_BYTES}; not altered any more
     */
    void save(String name, byte[] value, StoreCompletion completion);

    /** Where a value is kept, in words, for messages. */
    String place(String name);
}
