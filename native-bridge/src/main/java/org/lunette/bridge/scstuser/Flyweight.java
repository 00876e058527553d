package org.lunette.bridge.scstuser;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.lunette.bridge.memory.Memory;

/**
 * A view of one of the kernel's structures in off-heap memory: an address and named accessors, nothing else.
 *
 * <p>Numbers are in the machine's byte order. Nothing is checked: the caller vouches for the memory, and for its being
 * zeroed where the structure has padding. A flyweight belongs to one thread.
 */
public abstract class Flyweight {
    private long address;

    Flyweight() {}

    final void lay(long address) {
        this.address = address;
    }

    /** The structure's first byte. */
    public final long address() {
        return address;
    }

    /** A NUL-terminated string in an array of {@code capacityBytes}. */
    final String string(int offset, int capacityBytes) {
        byte[] bytes = new byte[capacityBytes];
        Memory.copy(address + offset, bytes, 0, capacityBytes);
        int length = 0;
        while (length < capacityBytes && bytes[length] != 0) {
            length++;
        }
        return new String(bytes, 0, length, StandardCharsets.UTF_8);
    }

    final void string(int offset, int capacityBytes, String value) {
        byte[] bytes = Arrays.copyOf(value.getBytes(StandardCharsets.UTF_8), capacityBytes);
        bytes[capacityBytes - 1] = 0;
        Memory.copy(bytes, 0, address + offset, capacityBytes);
    }
}
