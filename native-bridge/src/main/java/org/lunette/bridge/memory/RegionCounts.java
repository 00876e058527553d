package org.lunette.bridge.memory;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** How many bytes of {@link Region}s are open, by name. Thread-safe. */
public final class RegionCounts {
    private static final Map<String, AtomicLong> BYTES = new ConcurrentHashMap<>();

    private RegionCounts() {}

    static void added(String name, long bytes) {
        BYTES.computeIfAbsent(name, n -> new AtomicLong()).addAndGet(bytes);
    }

    static void removed(String name, long bytes) {
        BYTES.get(name).addAndGet(-bytes);
    }

    /** The bytes now open under {@code name}; 0 for a name never used. */
    public static long openBytes(String name) {
        AtomicLong bytes = BYTES.get(name);
        return bytes == null ? 0 : bytes.get();
    }

    /** A snapshot of all names with open bytes. */
    public static Map<String, Long> openBytes() {
        Map<String, Long> open = new TreeMap<>();
        BYTES.forEach((name, bytes) -> {
            if (bytes.get() != 0) {
                open.put(name, bytes.get());
            }
        });
        return open;
    }
}
