package org.lunette.command;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/** Writes and reads sense data in fixed and descriptor format; SPC-5, 4.4. Without allocation. */
public final class Sense {
    /** The longest sense data; SPC-5, 4.4.1. */
    public static final int MAX_BYTES = 252;
    /** The length of what {@link #fixed} writes. */
    public static final int FIXED_BYTES = 18;

    private static final VarHandle BE_INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle BE_LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private static final byte FIXED_CURRENT = 0x70;
    private static final byte DESCRIPTOR_CURRENT = 0x72;
    private static final int VALID = 0x80;
    private static final int FIXED_ADDITIONAL_LENGTH = FIXED_BYTES - 8;
    private static final int DESCRIPTOR_HEADER_BYTES = 8;
    private static final int INFORMATION_DESCRIPTOR_BYTES = 12;
    private static final int COMMAND_SPECIFIC_DESCRIPTOR_TYPE = 1;
    private static final int COMMAND_SPECIFIC_DESCRIPTOR_BYTES = 12;
    private static final int FORWARDED_DESCRIPTOR_TYPE = 0x0c;
    private static final int SKS_DESCRIPTOR_TYPE = 2;
    private static final int SKS_DESCRIPTOR_BYTES = 8;

    private Sense() {}

    /** Writes sense data for a current error in the format that is asked for; returns its length. */
    public static int current(byte[] to, boolean inDescriptors, SenseKey key, AdditionalSense additional) {
        return inDescriptors ? descriptor(to, key, additional) : fixed(to, key, additional);
    }

    /**
     * As {@link #current(byte[], boolean, SenseKey, AdditionalSense)}, with any additional sense code and qualifier.
     */
    public static int current(byte[] to, boolean inDescriptors, SenseKey key, int code, int qualifier) {
        int length = current(to, inDescriptors, key, AdditionalSense.NO_ADDITIONAL_SENSE_INFORMATION);
        to[inDescriptors ? 2 : 12] = (byte) code;
        to[inDescriptors ? 3 : 13] = (byte) qualifier;
        return length;
    }

    /** Writes fixed format sense data for a current error; returns its length. */
    public static int fixed(byte[] to, SenseKey key, AdditionalSense additional) {
        Arrays.fill(to, 0, FIXED_BYTES, (byte) 0);
        to[0] = FIXED_CURRENT;
        to[2] = key.code();
        to[7] = FIXED_ADDITIONAL_LENGTH;
        to[12] = additional.code();
        to[13] = additional.qualifier();
        return FIXED_BYTES;
    }

    /** Writes descriptor format sense data for a current error; returns its length. */
    public static int descriptor(byte[] to, SenseKey key, AdditionalSense additional) {
        Arrays.fill(to, 0, DESCRIPTOR_HEADER_BYTES, (byte) 0);
        to[0] = DESCRIPTOR_CURRENT;
        to[1] = key.code();
        to[2] = additional.code();
        to[3] = additional.qualifier();
        return DESCRIPTOR_HEADER_BYTES;
    }

    /**
     * Adds the INFORMATION field (an LBA, an offset in bytes) to sense data in either format; returns the new length.
     * Fixed format has 4 bytes for it: what does not fit is left out with VALID 0, as SPC-5, 4.4.4 demands.
     */
    public static int withInformation(byte[] sense, int lengthBytes, long information) {
        if (sense[0] == FIXED_CURRENT) {
            if (information >>> 32 == 0) {
                sense[0] |= (byte) VALID;
                BE_INT.set(sense, 3, (int) information);
            }
            return lengthBytes;
        }
        sense[lengthBytes] = 0;
        sense[lengthBytes + 1] = INFORMATION_DESCRIPTOR_BYTES - 2;
        sense[lengthBytes + 2] = (byte) VALID;
        sense[lengthBytes + 3] = 0;
        BE_LONG.set(sense, lengthBytes + 4, information);
        return grown(sense, lengthBytes, INFORMATION_DESCRIPTOR_BYTES);
    }

    /**
     * Adds the sense-key-specific field pointer of ILLEGAL REQUEST; SPC-5, 4.4.2.4.2. Returns the new length.
     *
     * @param inCdb whether the field is in the CDB, else in the parameter list
     * @param fieldByte the offset of the field in error, in bytes
     * @param bit the field's leftmost bit, 0 to 7, or -1 for a field of whole bytes
     */
    public static int withFieldPointer(byte[] sense, int lengthBytes, boolean inCdb, int fieldByte, int bit) {
        int flags = VALID | (inCdb ? 0x40 : 0) | (bit >= 0 ? 0x08 | bit : 0);
        return withSenseKeySpecific(sense, lengthBytes, flags, fieldByte);
    }

    /**
     * Adds the progress indication of NOT READY and NO SENSE, in units of 1/65536; SPC-5, 4.4.2.4.4. Returns the new
     * length.
     */
    public static int withProgress(byte[] sense, int lengthBytes, int progress) {
        return withSenseKeySpecific(sense, lengthBytes, VALID, progress);
    }

    /** Adds the COMMAND-SPECIFIC INFORMATION field to sense data in either format; returns the new length. */
    public static int withCommandSpecificInformation(byte[] sense, int lengthBytes, int information) {
        if ((sense[0] & 0x7f) == FIXED_CURRENT) {
            BE_INT.set(sense, 8, information);
            return lengthBytes;
        }
        Arrays.fill(sense, lengthBytes, lengthBytes + COMMAND_SPECIFIC_DESCRIPTOR_BYTES, (byte) 0);
        sense[lengthBytes] = COMMAND_SPECIFIC_DESCRIPTOR_TYPE;
        sense[lengthBytes + 1] = COMMAND_SPECIFIC_DESCRIPTOR_BYTES - 2;
        BE_LONG.set(sense, lengthBytes + 4, information);
        return grown(sense, lengthBytes, COMMAND_SPECIFIC_DESCRIPTOR_BYTES);
    }

    /**
     * Adds the segment pointer of COPY ABORTED; SPC-5, 4.4.2.4.5. Returns the new length.
     *
     * @param inSegment whether the field is counted from the segment descriptor's start (SD), else from the list's
     * @param fieldByte the offset of the field in error, in bytes
     */
    public static int withSegmentPointer(byte[] sense, int lengthBytes, boolean inSegment, int fieldByte) {
        return withSenseKeySpecific(sense, lengthBytes, VALID | (inSegment ? 0x20 : 0), fieldByte);
    }

    /**
     * Adds the status and sense data by which a copy source or destination ended a command of the copy manager: in
     * fixed format at the end, where the COMMAND-SPECIFIC INFORMATION field points to it; SPC-5. Returns the new
     * length.
     *
     * @param source whether they are of the copy source, else of the copy destination
     * @param cut whether {@code theirs} is only the start of the sense data
     */
    public static int withForwarded(
            byte[] sense, int lengthBytes, boolean source, byte status, byte[] theirs, boolean cut) {
        int at = lengthBytes;
        if ((sense[0] & 0x7f) == FIXED_CURRENT) {
            sense[source ? 8 : 9] = (byte) at;
        } else {
            sense[at] = FORWARDED_DESCRIPTOR_TYPE;
            sense[at + 1] = (byte) (2 + theirs.length);
            sense[at + 2] = (byte) ((cut ? VALID : 0) | (source ? 1 : 2));
            at += 3;
        }
        sense[at] = status;
        System.arraycopy(theirs, 0, sense, at + 1, theirs.length);
        return grown(sense, lengthBytes, at + 1 + theirs.length - lengthBytes);
    }

    private static int withSenseKeySpecific(byte[] sense, int lengthBytes, int first, int rest) {
        if ((sense[0] & 0x7f) == FIXED_CURRENT) {
            sense[15] = (byte) first;
            sense[16] = (byte) (rest >>> 8);
            sense[17] = (byte) rest;
            return lengthBytes;
        }
        Arrays.fill(sense, lengthBytes, lengthBytes + SKS_DESCRIPTOR_BYTES, (byte) 0);
        sense[lengthBytes] = SKS_DESCRIPTOR_TYPE;
        sense[lengthBytes + 1] = SKS_DESCRIPTOR_BYTES - 2;
        sense[lengthBytes + 4] = (byte) first;
        sense[lengthBytes + 5] = (byte) (rest >>> 8);
        sense[lengthBytes + 6] = (byte) rest;
        return grown(sense, lengthBytes, SKS_DESCRIPTOR_BYTES);
    }

    private static int grown(byte[] sense, int lengthBytes, int descriptorBytes) {
        sense[7] += (byte) descriptorBytes;
        return lengthBytes + descriptorBytes;
    }

    /** The sense key's code in sense data of either format. */
    public static int key(byte[] sense) {
        return isDescriptor(sense) ? sense[1] & 0xf : sense[2] & 0xf;
    }

    /** The additional sense code in sense data of either format. */
    public static int code(byte[] sense) {
        return (isDescriptor(sense) ? sense[2] : sense[12]) & 0xff;
    }

    /** The additional sense code qualifier in sense data of either format. */
    public static int qualifier(byte[] sense) {
        return (isDescriptor(sense) ? sense[3] : sense[13]) & 0xff;
    }

    private static boolean isDescriptor(byte[] sense) {
        return (sense[0] & 0x7e) == DESCRIPTOR_CURRENT;
    }
}
