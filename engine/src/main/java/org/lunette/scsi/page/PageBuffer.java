package org.lunette.scsi.page;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Bytes of parameter data as they are put together; numbers are big-endian. Grows. For one thread. */
public final class PageBuffer {
    private byte[] bytes = new byte[256];
    private int length;

    public PageBuffer put8(int value) {
        room(1);
        bytes[length++] = (byte) value;
        return this;
    }

    public PageBuffer put16(int value) {
        return put8(value >>> 8).put8(value);
    }

    public PageBuffer put24(int value) {
        return put8(value >>> 16).put16(value);
    }

    public PageBuffer put32(long value) {
        return put16((int) (value >>> 16)).put16((int) value);
    }

    public PageBuffer put64(long value) {
        return put32(value >>> 32).put32(value);
    }

    public PageBuffer put(byte... values) {
        room(values.length);
        System.arraycopy(values, 0, bytes, length, values.length);
        length += values.length;
        return this;
    }

    public PageBuffer zeros(int count) {
        room(count);
        length += count;
        return this;
    }

    /** Text in ASCII, cut or filled up with blanks to a number of bytes. */
    public PageBuffer ascii(String text, int fieldBytes) {
        byte[] field = new byte[fieldBytes];
        Arrays.fill(field, (byte) ' ');
        byte[] from = text.getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(from, 0, field, 0, Math.min(from.length, fieldBytes));
        return put(field);
    }

    /** Text in UTF-8, ended by at least one NUL and filled up to whole 4 bytes; SPC-5. */
    public PageBuffer nullPadded(String text) {
        byte[] from = text.getBytes(StandardCharsets.UTF_8);
        return put(from).zeros(4 - from.length % 4);
    }

    /** Replaces the byte at an offset. */
    public void set8(int offset, int value) {
        bytes[offset] = (byte) value;
    }

    /** Replaces 2 bytes. */
    public void set16(int offset, int value) {
        set8(offset, value >>> 8);
        set8(offset + 1, value);
    }

    /** Replaces 4 bytes. */
    public void set32(int offset, int value) {
        set16(offset, value >>> 16);
        set16(offset + 2, value);
    }

    /** How many bytes there are. */
    public int length() {
        return length;
    }

    /** The array behind it, of which the first {@link #length()} bytes count; replaced when it grows. */
    public byte[] array() {
        return bytes;
    }

    /** A copy of the bytes. */
    public byte[] toBytes() {
        return Arrays.copyOf(bytes, length);
    }

    private void room(int more) {
        if (bytes.length - length < more) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + more));
        }
    }
}
