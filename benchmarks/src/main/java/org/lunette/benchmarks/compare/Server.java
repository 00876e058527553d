package org.lunette.benchmarks.compare;

/** One disk that a started server serves. */
interface Server extends AutoCloseable {
    /** As the report has it. */
    String name();

    /** Where clients find the disk; {@code iscsi://} or {@code nbd}. */
    String url();

    /** Whether a load can be run on it. */
    default boolean takes(Load load) {
        return true;
    }

    @Override
    void close();
}
