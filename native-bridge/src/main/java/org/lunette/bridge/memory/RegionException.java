package org.lunette.bridge.memory;

/**
 * The kernel has no memory or address space for a {@link Region}. Unlike an {@link OutOfMemoryError} it says nothing
 * about the Java heap: whoever wanted the region may do without it and go on.
 */
public final class RegionException extends RuntimeException {
    RegionException(String message) {
        super(message);
    }
}
