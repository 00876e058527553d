package org.lunette.frontend.scstuser;

import org.lunette.bridge.memory.Memory;
import org.lunette.bridge.scstuser.OpFlags;
import org.lunette.bridge.scstuser.ReplyCmdFlyweight;
import org.lunette.bridge.scstuser.ScsiCmdParseFlyweight;
import org.lunette.bridge.scstuser.ScsiCmdReplyParseFlyweight;
import org.lunette.bridge.scstuser.ScstUser;

/**
 * Answers PARSE, which comes for operation codes that the kernel's table does not know: the data goes as the initiator
 * announced it, so that the unit sees the command and says itself what it makes of it.
 */
final class ParseAnswer {
    /** The most data that is transferred for a command whose length nobody here knows. */
    static final int MAX_DATA_BYTES = 16 << 20;

    private static final int SANITIZE = 0x48;
    private static final int ORWRITE_16 = 0x8b;
    private static final int ZBC_OUT = 0x94;
    private static final int ZBC_IN = 0x95;
    private static final int WRITE_ATOMIC_16 = 0x9c;

    private final ScsiCmdParseFlyweight parse = new ScsiCmdParseFlyweight();
    private final ScsiCmdReplyParseFlyweight answer = new ScsiCmdReplyParseFlyweight();

    /**
     * Fills in {@code reply}, which has its handle and subcode, for the PARSE whose structure lies at {@code payload}.
     */
    void write(long payload, ReplyCmdFlyweight reply) {
        parse.wrap(payload);
        int direction = parse.expectedDataDirection();
        boolean data = parse.expectedValuesSet() != 0
                && (direction == ScstUser.SCST_DATA_READ || direction == ScstUser.SCST_DATA_WRITE)
                && parse.expectedTransferLen() > 0;
        int dataBytes = data ? Math.min(parse.expectedTransferLen(), MAX_DATA_BYTES) : 0;
        answer.wrap(reply.parseReplyAddress())
                .queueType(
                        parse.queueType() <= ScstUser.SCST_CMD_QUEUE_ACA
                                ? parse.queueType()
                                : ScstUser.SCST_CMD_QUEUE_SIMPLE)
                .dataDirection(data ? direction : ScstUser.SCST_DATA_NONE)
                .bufflen(dataBytes)
                .dataLen(dataBytes)
                .opFlags(flags(Memory.getByte(parse.cdbAddress()) & 0xff));
    }

    /**
     * Without one of the flags that allow it, a command conflicts with another nexus's reservation: what is right for
     * all that write.
     */
    private static int flags(int opcode) {
        int flags = OpFlags.INFO_VALID | OpFlags.LBA_NOT_VALID;
        return flags
                | switch (opcode) {
                    case ORWRITE_16, WRITE_ATOMIC_16, ZBC_OUT -> OpFlags.WRITE_MEDIUM;
                    case SANITIZE -> OpFlags.WRITE_MEDIUM | OpFlags.LONG_TIMEOUT;
                    case ZBC_IN -> OpFlags.WRITE_EXCLUSIVE_ALLOWED;
                    default -> 0;
                };
    }
}
