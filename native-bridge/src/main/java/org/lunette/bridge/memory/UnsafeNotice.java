package org.lunette.bridge.memory;

import java.lang.reflect.Field;

/**
 * Keeps JDK 24 and later from printing a notice that its reader cannot act on.
 *
 * <p>Chronicle reaches memory through {@code sun.misc.Unsafe}, and a JVM prints four lines at the first such use. A
 * jar's manifest cannot carry the option that would stop it, so the JVM is told that the notice was given.
 */
final class UnsafeNotice {
    private UnsafeNotice() {}

    /** Does nothing on a JVM that has no such notice, or does not let it be dismissed. */
    static void dismiss() {
        try {
            Field given = Class.forName("sun.misc.Unsafe").getDeclaredField("memoryAccessWarned");
            given.setAccessible(true);
            given.setBoolean(null, true);
        } catch (ReflectiveOperationException | RuntimeException e) {
            return; // before JDK 24 there is no such field: nothing would be printed
        }
    }
}
