package org.lunette.filter;

/** Tells the time, and when it has come. Any thread may call. */
public interface FilterTimer extends AutoCloseable {
    /** Nanoseconds since some moment; never goes back. */
    long nowNs();

    /**
     * Runs work at a time, on the timer's one thread; at once if the time is over.
     *
     * @return takes it back, unless it runs already
     */
    Runnable at(long dueNs, Runnable work);

    /** Runs nothing any more. */
    @Override
    void close();
}
