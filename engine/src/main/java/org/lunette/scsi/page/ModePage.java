package org.lunette.scsi.page;

import java.util.HexFormat;
import java.util.function.Consumer;
import java.util.function.ToIntFunction;

/**
 * A mode page: its default values, which bits may be changed, and the current values; SPC-5. Any thread may read;
 * changes come from {@link ModePages}, one at a time.
 */
public final class ModePage {
    private static final int SUBPAGE_FORMAT = 0x40;
    private static final int CODE_BITS = 0x3f;

    private final String name;
    private final byte[] defaults;
    private final byte[] changeable;
    private final ToIntFunction<byte[]> reserved;
    private final Consumer<byte[]> observer;
    private volatile byte[] current;
    private byte[] saved;

    /**
     * @param name as in the standard
     * @param defaults the whole page with its header, in hexadecimal, bytes separated by blanks
     * @param changeable the mask of the same length; its header is not looked at
     * @param observer told of the current values, now and at every change, which it must not keep or alter
     */
    public ModePage(String name, String defaults, String changeable, Consumer<byte[]> observer) {
        this(name, defaults, changeable, values -> -1, observer);
    }

    /**
     * As the other constructor.
     *
     * @param reserved where the first field is that has a reserved value, though its bits may be changed; -1 for none
     */
    public ModePage(
            String name,
            String defaults,
            String changeable,
            ToIntFunction<byte[]> reserved,
            Consumer<byte[]> observer) {
        this.name = name;
        this.defaults = HexFormat.ofDelimiter(" ").parseHex(defaults);
        this.changeable = HexFormat.ofDelimiter(" ").parseHex(changeable);
        this.reserved = reserved;
        this.observer = observer;
        if (this.changeable.length != this.defaults.length
                || contentLength(this.defaults) != this.defaults.length - headerBytes()) {
            throw new IllegalArgumentException("mode page " + name + ": its length is wrong");
        }
        System.arraycopy(this.defaults, 0, this.changeable, 0, headerBytes());
        this.saved = this.defaults;
        set(this.defaults);
    }

    /** A page of which nothing may be changed. */
    public static ModePage fixed(String name, String values) {
        return new ModePage(name, values, values.replaceAll("\\p{XDigit}", "0"), current -> {});
    }

    private static int contentLength(byte[] page) {
        return hasSubpage(page) ? (page[2] & 0xff) << 8 | page[3] & 0xff : page[1] & 0xff;
    }

    static boolean hasSubpage(byte[] page) {
        return (page[0] & SUBPAGE_FORMAT) != 0;
    }

    /** The name, as in the standard. */
    public String name() {
        return name;
    }

    public int code() {
        return defaults[0] & CODE_BITS;
    }

    /** The subpage code; 0 for the page itself. */
    public int subpage() {
        return hasSubpage(defaults) ? defaults[1] & 0xff : 0;
    }

    /** The length of the header before the values: 2, or 4 with a subpage. */
    public int headerBytes() {
        return hasSubpage(defaults) ? 4 : 2;
    }

    /** The length with the header. */
    public int lengthBytes() {
        return defaults.length;
    }

    /** The current values, with the header; not to be altered. */
    public byte[] current() {
        return current;
    }

    /** The default values, with the header; not to be altered. */
    public byte[] defaults() {
        return defaults;
    }

    /** The mask of what may be changed, with the header; not to be altered. */
    public byte[] changeable() {
        return changeable;
    }

    /**
     * Where the first byte is that differs from the current values in a bit that may not change, or else the first
     * field with a reserved value; -1 if there is none.
     */
    int firstRefused(byte[] wanted) {
        byte[] now = current;
        for (int i = headerBytes(); i < now.length; i++) {
            if (((now[i] ^ wanted[i]) & ~changeable[i]) != 0) {
                return i;
            }
        }
        return reserved.applyAsInt(wanted);
    }

    /** Whether an initiator can change a value. */
    public boolean isChangeable() {
        for (int i = headerBytes(); i < changeable.length; i++) {
            if (changeable[i] != 0) {
                return true;
            }
        }
        return false;
    }

    /** The values that a reset brings back, with the header: the defaults, unless others were saved. */
    byte[] saved() {
        return saved;
    }

    /** Takes saved values, as far as the page still lets them be chosen. */
    void setSaved(byte[] values) {
        byte[] merged = defaults.clone();
        for (int i = headerBytes(); i < merged.length; i++) {
            merged[i] = (byte) (merged[i] & ~changeable[i] | values[i] & changeable[i]);
        }
        saved = reserved.applyAsInt(merged) < 0 ? merged : defaults;
    }

    void set(byte[] values) {
        current = values;
        observer.accept(values);
    }
}
