package org.lunette.scsi.page;

import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * A log parameter; SPC-5, 7.3.2.
 *
 * @param code the PARAMETER CODE
 * @param control the parameter control byte: no threshold is met, nothing is saved
 * @param counts whether it is a counter, which has a default value of 0, or a list
 * @param value writes the current value
 */
public record LogParameter(int code, int control, boolean counts, Consumer<PageBuffer> value) {
    private static final int BOUNDED_COUNTER = 0x00;
    private static final int TEXT_LIST = 0x01;
    private static final int UNBOUNDED_COUNTER = 0x02;
    private static final int BINARY_LIST = 0x03;

    /** A counter of 8 bytes that stops at its end. */
    public static LogParameter counter(int code, LongSupplier count) {
        return new LogParameter(code, BOUNDED_COUNTER, true, to -> to.put64(count.getAsLong()));
    }

    /** Counters that need not stop. */
    public static LogParameter counters(int code, LongSupplier... counts) {
        return new LogParameter(code, UNBOUNDED_COUNTER, true, to -> {
            for (LongSupplier count : counts) {
                to.put64(count.getAsLong());
            }
        });
    }

    /** What is neither counted nor reset. */
    public static LogParameter list(int code, Consumer<PageBuffer> value) {
        return new LogParameter(code, BINARY_LIST, false, value);
    }

    /** What is told in ASCII characters, and neither counted nor reset. */
    public static LogParameter text(int code, Consumer<PageBuffer> value) {
        return new LogParameter(code, TEXT_LIST, false, value);
    }

    /** Adds the parameter with its header: the current value, or that after a reset. */
    void write(PageBuffer to, boolean current) {
        PageBuffer bytes = new PageBuffer();
        value.accept(bytes);
        to.put16(code).put8(control).put8(bytes.length());
        if (current || !counts) {
            to.put(bytes.toBytes());
        } else {
            to.zeros(bytes.length());
        }
    }
}
