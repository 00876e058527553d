package org.lunette.frontend.scstuser;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.lunette.bridge.memory.Memory;
import org.lunette.bridge.memory.Region;
import org.lunette.bridge.scstuser.OpFlags;
import org.lunette.bridge.scstuser.ReplyCmdFlyweight;
import org.lunette.bridge.scstuser.ScsiCmdParseFlyweight;
import org.lunette.bridge.scstuser.ScsiCmdReplyParseFlyweight;
import org.lunette.bridge.scstuser.ScstUser;

class ParseAnswerTest {
    private final Region memory = Region.allocate("test: parse", 1024);
    private final ScsiCmdParseFlyweight parse = new ScsiCmdParseFlyweight().wrap(memory.address());
    private final ReplyCmdFlyweight reply = new ReplyCmdFlyweight().wrap(memory.address() + 512);

    @AfterEach
    void free() {
        memory.close();
    }

    private ScsiCmdReplyParseFlyweight answer(int opcode, int direction, int bytes) {
        Memory.putByte(parse.cdbAddress(), (byte) opcode);
        parse.cdbLen(16)
                .queueType(ScstUser.SCST_CMD_QUEUE_ORDERED)
                .expectedValuesSet(1)
                .expectedDataDirection(direction)
                .expectedTransferLen(bytes);
        new ParseAnswer().write(parse.address(), reply);
        return new ScsiCmdReplyParseFlyweight().wrap(reply.parseReplyAddress());
    }

    @Test
    void dataGoesAsTheInitiatorAnnounced() {
        ScsiCmdReplyParseFlyweight answer = answer(0xc0, ScstUser.SCST_DATA_READ, 100);
        assertEquals(ScstUser.SCST_DATA_READ, answer.dataDirection());
        assertEquals(100, answer.bufflen());
        assertEquals(100, answer.dataLen());
        assertEquals(ScstUser.SCST_CMD_QUEUE_ORDERED, answer.queueType());
        assertEquals(OpFlags.INFO_VALID | OpFlags.LBA_NOT_VALID, answer.opFlags());
    }

    @Test
    void whatIsNotAnnouncedOrHasNoLengthIsNoData() {
        assertEquals(
                ScstUser.SCST_DATA_NONE,
                answer(0xc0, ScstUser.SCST_DATA_READ, 0).dataDirection());
        assertEquals(
                ScstUser.SCST_DATA_NONE,
                answer(0xc0, ScstUser.SCST_DATA_WRITE, -1).dataDirection());
        assertEquals(
                ScstUser.SCST_DATA_NONE,
                answer(0xc0, ScstUser.SCST_DATA_BIDI, 512).dataDirection());
        assertEquals(
                ScstUser.SCST_DATA_NONE,
                answer(0xc0, ScstUser.SCST_DATA_UNKNOWN, 512).dataDirection());
        parse.expectedValuesSet(0)
                .expectedDataDirection(ScstUser.SCST_DATA_READ)
                .expectedTransferLen(512);
        new ParseAnswer().write(parse.address(), reply);
        assertEquals(
                0,
                new ScsiCmdReplyParseFlyweight().wrap(reply.parseReplyAddress()).bufflen());
    }

    @Test
    void aHugeLengthIsCut() {
        assertEquals(
                ParseAnswer.MAX_DATA_BYTES,
                answer(0xc0, ScstUser.SCST_DATA_READ, Integer.MAX_VALUE).bufflen());
    }

    @Test
    void whatWritesConflictsWithReservationsAndReadOnlyLuns() {
        for (int opcode : new int[] {0x9c, 0x8b, 0x94, 0x48}) {
            int flags = answer(opcode, ScstUser.SCST_DATA_WRITE, 512).opFlags();
            assertNotEquals(0, flags & OpFlags.WRITE_MEDIUM);
            assertEquals(
                    0,
                    flags
                            & (OpFlags.WRITE_EXCLUSIVE_ALLOWED
                                    | OpFlags.EXCLUSIVE_ACCESS_ALLOWED
                                    | OpFlags.RESERVE_ALLOWED));
        }
        assertNotEquals(0, answer(0x95, ScstUser.SCST_DATA_READ, 512).opFlags() & OpFlags.WRITE_EXCLUSIVE_ALLOWED);
    }
}
