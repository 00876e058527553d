package org.lunette.scsi;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import org.lunette.command.AdditionalSense;
import org.lunette.command.ScsiStatus;
import org.lunette.command.Sense;
import org.lunette.command.SenseKey;

/**
 * What came back for a command.
 *
 * @param sense the sense data; empty without
 * @param transferBytes what the device wanted to transfer
 * @param data what arrived in the data-in buffer
 */
public record Reply(ScsiStatus status, byte[] sense, long transferBytes, byte[] data) {
    /** Fails unless the status is GOOD; returns this. */
    public Reply good() {
        assertEquals(ScsiStatus.GOOD, status, this::toString);
        return this;
    }

    /** Fails unless the status is the one given; returns this. */
    public Reply is(ScsiStatus expected) {
        assertEquals(expected, status, this::toString);
        return this;
    }

    /** Fails unless this is CHECK CONDITION with that sense key and additional sense code; returns this. */
    public Reply check(SenseKey key, AdditionalSense additional) {
        assertEquals(ScsiStatus.CHECK_CONDITION, status, this::toString);
        String expected = String.format("%02x/%02x/%02x", key.code(), additional.code(), additional.qualifier());
        assertEquals(expected, senseCodes(), this::toString);
        return this;
    }

    /** Sense key, code and qualifier in hexadecimal. */
    public String senseCodes() {
        return String.format("%02x/%02x/%02x", Sense.key(sense), Sense.code(sense), Sense.qualifier(sense));
    }

    /** Fails unless this is UNIT ATTENTION. */
    public Reply attention(AdditionalSense additional) {
        return check(SenseKey.UNIT_ATTENTION, additional);
    }

    /** Fails unless this is INVALID FIELD IN CDB, pointing to this byte. */
    public Reply invalidCdb(int fieldByte) {
        check(SenseKey.ILLEGAL_REQUEST, AdditionalSense.INVALID_FIELD_IN_CDB);
        return pointsTo(0xc0, fieldByte);
    }

    /** Fails unless this is INVALID FIELD IN PARAMETER LIST, pointing to this byte. */
    public Reply invalidParameter(int fieldByte) {
        check(SenseKey.ILLEGAL_REQUEST, AdditionalSense.INVALID_FIELD_IN_PARAMETER_LIST);
        return pointsTo(0x80, fieldByte);
    }

    private Reply pointsTo(int flags, int fieldByte) {
        int at = sense[0] == 0x72 ? 12 : 15;
        assertEquals(flags, sense[at] & 0xc0, this::toString);
        assertEquals(fieldByte, ByteBuffer.wrap(sense).getShort(at + 1), this::toString);
        return this;
    }

    /** The INFORMATION field; fails if there is none. */
    public long information() {
        if (sense[0] == 0x72) {
            assertEquals(0, sense[8], "information descriptor");
            return ByteBuffer.wrap(sense).getLong(12);
        }
        assertEquals(0xf0, sense[0] & 0xff, "VALID");
        return ByteBuffer.wrap(sense).getInt(3) & 0xffff_ffffL;
    }

    public int u8(int at) {
        return data[at] & 0xff;
    }

    public int u16(int at) {
        return ByteBuffer.wrap(data).getShort(at) & 0xffff;
    }

    public long u32(int at) {
        return ByteBuffer.wrap(data).getInt(at) & 0xffff_ffffL;
    }

    public long u64(int at) {
        return ByteBuffer.wrap(data).getLong(at);
    }

    /** The data in hexadecimal. */
    public String hex() {
        return HexFormat.ofDelimiter(" ").formatHex(data);
    }

    @Override
    public String toString() {
        String what = sense.length == 0
                ? ""
                : " " + senseCodes() + ", sense " + HexFormat.of().formatHex(sense);
        return status + what + ", " + transferBytes + " bytes wanted, " + data.length + " came";
    }
}
