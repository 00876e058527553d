package org.lunette.scsi.copy;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.lunette.command.AdditionalSense;
import org.lunette.scsi.page.Designator;

/**
 * An Identification Descriptor CSCD descriptor, E4h; SPC-5. LU ID TYPE and NUL are obsolete, and ignored.
 *
 * @param offset where it starts in the parameter list
 * @param deviceType the PERIPHERAL DEVICE TYPE
 * @param designator which unit
 * @param pad the PAD bit: bytes left over are discarded where this is the source, and filled up with zeros where it is
 *     the destination
 * @param blockBytes the DISK BLOCK LENGTH; 0 for what the unit has
 */
record CscdDescriptor(int offset, int deviceType, Designator designator, boolean pad, int blockBytes) {
    static final int TYPE_CODE = 0xe4;
    static final int LENGTH_BYTES = 32;
    /** The identifier of the unit that the command came to, which needs no descriptor. */
    static final int OWN_UNIT = 0xffff;

    private static final int DISK = 0x00;
    private static final int MAX_DESIGNATOR_BYTES = 20;
    private static final int PAD = 0x04;

    static CscdDescriptor parse(ByteBuffer list, int at) throws CopyFailure {
        if ((list.get(at) & 0xff) != TYPE_CODE) {
            throw CopyFailure.illegal(AdditionalSense.UNSUPPORTED_TARGET_DESCRIPTOR_TYPE_CODE, at, -1);
        }
        int length = list.get(at + 7) & 0xff;
        if (length > MAX_DESIGNATOR_BYTES) {
            throw CopyFailure.invalidParameter(at + 7);
        }
        byte[] value = Arrays.copyOfRange(list.array(), at + 8, at + 8 + length);
        Designator designator = Designator.of(list.get(at + 4) & 0x0f, list.get(at + 5) & 0x0f, value);
        boolean pad = (list.get(at + 28) & PAD) != 0;
        return new CscdDescriptor(at, list.get(at + 1) & 0x1f, designator, pad, list.getInt(at + 28) & 0xff_ffff);
    }

    /** What is wrong with the descriptor for that unit; null if nothing is. */
    CopyFailure unfit(CopyDevice device, int segment) {
        if (device == null) {
            return CopyFailure.segment(AdditionalSense.COPY_TARGET_DEVICE_NOT_REACHABLE, segment, false, offset);
        }
        if (deviceType != DISK) {
            return CopyFailure.segment(AdditionalSense.INCORRECT_COPY_TARGET_DEVICE_TYPE, segment, false, offset + 1);
        }
        if (blockBytes != 0 && blockBytes != device.blockBytes()) {
            return CopyFailure.segment(AdditionalSense.INVALID_FIELD_IN_PARAMETER_LIST, segment, false, offset + 29);
        }
        return null;
    }
}
