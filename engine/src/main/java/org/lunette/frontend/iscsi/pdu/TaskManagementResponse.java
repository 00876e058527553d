package org.lunette.frontend.iscsi.pdu;

/**
 * Task Management Function Response; RFC 7143, 11.6, and RFC 7144.
 *
 * <pre>
 * Byte/     0       |       1       |       2       |       3       |
 *    +---------------+---------------+---------------+---------------+
 *   0|.|.| 0x22      |1| Reserved    | Response      | Reserved      |
 *   4|TotalAHSLength | DataSegmentLength                             |
 *   8| Additional Response Information               | Reserved      |
 *  12| Reserved                                                      |
 *  16| Initiator Task Tag                                            |
 *  20| Reserved                                                      |
 *  24| StatSN                                                        |
 *  28| ExpCmdSN                                                      |
 *  32| MaxCmdSN                                                      |
 *  36/ Reserved                                                      /
 * </pre>
 */
public final class TaskManagementResponse extends TargetPdu {
    /** Values of {@link #response()}; RFC 7143, 11.6.1. */
    public static final int FUNCTION_COMPLETE = 0;

    public static final int TASK_DOES_NOT_EXIST = 1;
    public static final int LUN_DOES_NOT_EXIST = 2;
    public static final int TASK_STILL_ALLEGIANT = 3;
    public static final int REASSIGNMENT_NOT_SUPPORTED = 4;
    public static final int FUNCTION_NOT_SUPPORTED = 5;
    public static final int AUTHORIZATION_FAILED = 6;
    public static final int FUNCTION_SUCCEEDED = 7;
    public static final int FUNCTION_REJECTED = 255;

    private static final int RESPONSE = 2;
    private static final int ADDITIONAL_INFORMATION = 8;

    public TaskManagementResponse(byte[] header) {
        super(header);
    }

    /** Zeroes the header and makes it one of this kind. */
    public TaskManagementResponse begin() {
        begin(Opcode.TASK_MANAGEMENT_RESPONSE);
        setFinal(true);
        return this;
    }

    public int response() {
        return int8(RESPONSE);
    }

    /** The three bytes of additional response information. */
    public int additionalInformation() {
        return int32(ADDITIONAL_INFORMATION) >>> 8;
    }

    public void setAdditionalInformation(int information) {
        setInt32(ADDITIONAL_INFORMATION, information << 8);
    }

    public void setResponse(int response) {
        setInt8(RESPONSE, response);
    }
}
