package org.lunette.scsi.table;

import org.lunette.command.Command;

/**
 * A number in a CDB.
 *
 * @param offset its first byte
 * @param lengthBytes 1 to 4
 */
public record CdbField(int offset, int lengthBytes) {
    public CdbField {
        if (offset < 1 || lengthBytes < 1 || lengthBytes > 4) {
            throw new IllegalArgumentException("a CDB field of " + lengthBytes + " bytes at " + offset);
        }
    }

    /** Its value, unsigned. */
    public long of(Command command) {
        return switch (lengthBytes) {
            case 1 -> command.cdb8(offset);
            case 2 -> command.cdb16(offset);
            case 3 -> command.cdb24(offset);
            default -> command.cdb32(offset);
        };
    }
}
