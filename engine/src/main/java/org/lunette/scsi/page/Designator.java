package org.lunette.scsi.page;

import java.nio.ByteBuffer;

/**
 * A name of a logical unit, as VPD page 83h and the CSCD descriptors of EXTENDED COPY have it; SPC-5. Two are equal if
 * all three parts are.
 *
 * @param codeSet the CODE SET
 * @param type the DESIGNATOR TYPE
 * @param value the DESIGNATOR; not to be altered
 */
public record Designator(int codeSet, int type, ByteBuffer value) {
    /** A designator of these bytes. */
    public static Designator of(int codeSet, int type, byte[] value) {
        return new Designator(codeSet, type, ByteBuffer.wrap(value));
    }

    /** The DESIGNATOR. */
    public byte[] bytes() {
        byte[] bytes = new byte[value.remaining()];
        value.duplicate().get(bytes);
        return bytes;
    }
}
