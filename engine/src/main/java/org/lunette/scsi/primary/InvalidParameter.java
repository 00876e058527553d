package org.lunette.scsi.primary;

/** A parameter list has an invalid field: where, as the field pointer of the sense data says it. */
final class InvalidParameter extends Exception {
    private static final long serialVersionUID = 1;

    private final int fieldByte;
    private final int bit;

    /**
     * @param fieldByte where the field starts
     * @param bit its leftmost bit, or -1 for a field of whole bytes
     */
    InvalidParameter(int fieldByte, int bit) {
        super("invalid parameter at byte " + fieldByte, null, false, false);
        this.fieldByte = fieldByte;
        this.bit = bit;
    }

    int fieldByte() {
        return fieldByte;
    }

    int bit() {
        return bit;
    }
}
