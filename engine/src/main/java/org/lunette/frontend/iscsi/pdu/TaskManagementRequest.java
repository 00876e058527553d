package org.lunette.frontend.iscsi.pdu;

/**
 * Task Management Function Request; RFC 7143, 11.5.
 *
 * <pre>
 * Byte/     0       |       1       |       2       |       3       |
 *    +---------------+---------------+---------------+---------------+
 *   0|.|I| 0x02      |1| Function    | Reserved                      |
 *   4|TotalAHSLength | DataSegmentLength                             |
 *   8| LUN or Reserved                                               |
 *  16| Initiator Task Tag                                            |
 *  20| Referenced Task Tag or FFFFFFFFh                              |
 *  24| CmdSN                                                         |
 *  28| ExpStatSN                                                     |
 *  32| RefCmdSN or Reserved                                          |
 *  36| ExpDataSN or Reserved                                         |
 *  40/ Reserved                                                      /
 * </pre>
 */
public final class TaskManagementRequest extends InitiatorPdu {
    /** Values of {@link #function()}; RFC 7143, 11.5.1, and RFC 7144 for those from {@link #QUERY_TASK} on. */
    public static final int ABORT_TASK = 1;

    public static final int ABORT_TASK_SET = 2;
    public static final int CLEAR_ACA = 3;
    public static final int CLEAR_TASK_SET = 4;
    public static final int LOGICAL_UNIT_RESET = 5;
    public static final int TARGET_WARM_RESET = 6;
    public static final int TARGET_COLD_RESET = 7;
    public static final int TASK_REASSIGN = 8;
    public static final int QUERY_TASK = 9;
    public static final int QUERY_TASK_SET = 10;
    public static final int I_T_NEXUS_RESET = 11;
    public static final int QUERY_ASYNCHRONOUS_EVENT = 12;

    private static final int FUNCTION_MASK = 0x7f;
    private static final int REFERENCED_TASK_TAG = 20;
    private static final int REF_CMD_SN = 32;

    public TaskManagementRequest(byte[] header) {
        super(header);
    }

    /** Zeroes the header and makes it one of this kind. */
    public TaskManagementRequest begin() {
        begin(Opcode.TASK_MANAGEMENT_REQUEST);
        setFinal(true);
        setReferencedTaskTag(NO_TAG);
        return this;
    }

    public int function() {
        return int8(FLAGS) & FUNCTION_MASK;
    }

    public void setFunction(int function) {
        setInt8(FLAGS, FINAL | function);
    }

    public int referencedTaskTag() {
        return int32(REFERENCED_TASK_TAG);
    }

    public void setReferencedTaskTag(int tag) {
        setInt32(REFERENCED_TASK_TAG, tag);
    }

    /** The CmdSN of the referenced task. */
    public int refCmdSn() {
        return int32(REF_CMD_SN);
    }

    public void setRefCmdSn(int cmdSn) {
        setInt32(REF_CMD_SN, cmdSn);
    }
}
