package org.lunette.bridge.scstuser;

import java.nio.charset.StandardCharsets;
import java.util.Objects;

/**
 * What a device is registered as.
 *
 * @param name 1 to 49 bytes, unique in SCST, printable ASCII without blanks and slashes: it names folders in sysfs
 * @param deviceType the peripheral device type; SPC-5, 6.7.2
 * @param blockBytes the logical block length
 * @param parseType which commands arrive as PARSE
 * @param memoryReuse whose buffers the kernel keeps
 * @param onFreeType whether ON_FREE_CMD arrives
 * @param reservationNotices whether PERSISTENT RESERVE OUT that the kernel carried out arrives as EXEC
 */
public record DeviceDescription(
        String name,
        int deviceType,
        int blockBytes,
        ParseType parseType,
        MemoryReuse memoryReuse,
        OnFreeType onFreeType,
        boolean reservationNotices) {
    /** Bytes of a name. */
    public static final int MAX_NAME_BYTES = ScstUser.SCST_MAX_NAME - 1;

    private static final int MIN_BLOCK_BYTES = 512;
    private static final int TYPE_DISK = 0x00;
    private static final int TYPE_CD_DVD = 0x05;
    private static final int TYPE_OPTICAL = 0x07;
    private static final int TYPE_HOST_MANAGED_ZONED = 0x14;
    private static final int MAX_TYPE = 0x1e;
    /** What the unit's control mode page says, too: a command that another session aborts ends with TASK ABORTED. */
    private static final int TASK_ABORTED_IS_ANSWERED = 1;
    /**
     * So does this. With restricted reordering, SCST takes SIMPLE tasks for ORDERED ones, and executes one at a time.
     */
    private static final int UNRESTRICTED_REORDERING = 1;

    /** @throws IllegalArgumentException for what the kernel would refuse, or not survive */
    public DeviceDescription {
        Objects.requireNonNull(parseType);
        Objects.requireNonNull(memoryReuse);
        Objects.requireNonNull(onFreeType);
        checkName(name);
        if (deviceType < 0 || deviceType > MAX_TYPE) {
            throw new IllegalArgumentException(
                    "a device of type " + Integer.toHexString(deviceType) + "h: there is none above 1Eh");
        }
        if (deviceType == TYPE_HOST_MANAGED_ZONED) {
            throw new IllegalArgumentException(
                    "device type 14h (host-managed zoned) cannot be served through SCST: its kernel code does not"
                            + " know that type. Host-aware zoned (type 00h) works");
        }
        boolean shifted = deviceType == TYPE_DISK || deviceType == TYPE_CD_DVD || deviceType == TYPE_OPTICAL;
        if (blockBytes < 0 || shifted && (blockBytes < MIN_BLOCK_BYTES || Integer.bitCount(blockBytes) != 1)) {
            throw new IllegalArgumentException(
                    "logical blocks of " + blockBytes + " bytes: SCST takes a power of two from " + MIN_BLOCK_BYTES);
        }
    }

    private static void checkName(String name) {
        int bytes = name.getBytes(StandardCharsets.UTF_8).length;
        if (bytes == 0 || bytes > MAX_NAME_BYTES) {
            throw new IllegalArgumentException(
                    "'" + name + "' has " + bytes + " bytes: the name of an SCST device has 1 to " + MAX_NAME_BYTES);
        }
        if (!name.chars().allMatch(c -> c > ' ' && c < 0x7f && c != '/') || name.equals(".") || name.equals("..")) {
            throw new IllegalArgumentException(
                    "'" + name + "' cannot name an SCST device: it must be printable ASCII without blanks and slashes");
        }
    }

    /** Fills in the kernel's structure, whose memory must be zeroed, but for the strings of version and licence. */
    void writeTo(DevDescFlyweight devDesc) {
        devDesc.type(deviceType)
                .blockSize(blockBytes)
                .enablePrCmdsNotifications(reservationNotices ? 1 : 0)
                .name(name);
        new OptFlyweight()
                .wrap(devDesc.optAddress())
                .parseType(parseType.code())
                .onFreeCmdType(onFreeType.code())
                .memoryReuseType(memoryReuse.code())
                .queueAlg(UNRESTRICTED_REORDERING)
                .tas(TASK_ABORTED_IS_ANSWERED);
    }
}
