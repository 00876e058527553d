package org.lunette.frontend.scstuser;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.lunette.bridge.memory.Region;
import org.lunette.bridge.scstuser.GetCmdFlyweight;
import org.lunette.bridge.scstuser.GetMultiFlyweight;
import org.lunette.bridge.scstuser.MemoryReuse;
import org.lunette.bridge.scstuser.ReplyCmdFlyweight;
import org.lunette.bridge.scstuser.ScsiCmdExecFlyweight;
import org.lunette.bridge.scstuser.ScsiCmdReplyExecFlyweight;
import org.lunette.bridge.scstuser.ScsiOnFreeCmdFlyweight;
import org.lunette.bridge.scstuser.ScstUser;
import org.lunette.bridge.scstuser.ScstUserDevice;
import org.lunette.bridge.scstuser.SessFlyweight;
import org.lunette.command.Command;
import org.lunette.command.CommandHandler;
import org.lunette.command.Nexus;
import org.lunette.command.TaskManagement;
import org.lunette.metrics.Counters;
import org.lunette.ring.SharedRings;

/**
 * A command's way through the front-end allocates nothing on the heap, whoever completes it and however buffers are
 * used.
 */
class AllocationTest {
    private static final int BATCH = 8;
    private static final int WARM_UP_TURNS = 20_000;
    private static final int MEASURED_TURNS = 10_000;
    private static final double ALLOWED_BYTES_PER_COMMAND = 0.5; // what the JVM does beside it

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private final Counters counters = new Counters();
    private final EndlessDevice device = new EndlessDevice();
    private final ReadUnit unit = new ReadUnit();
    private ScstUserFrontEnd frontEnd;

    @AfterEach
    void close() {
        frontEnd.close();
        device.memory.close();
    }

    private void measure(MemoryReuse reuse, boolean completedElsewhere) throws Exception {
        device.lifeOfABuffer = reuse == MemoryReuse.NONE;
        unit.keeps = completedElsewhere;
        ScstUserSettings settings = ScstUserSettings.of("test", 0, 512)
                .withThreads(1)
                .withBatchCommands(BATCH)
                .withMemoryReuse(reuse);
        frontEnd =
                ScstUserFrontEnd.open(settings, unit, new SharedRings(64, counters), description -> device, counters);
        run(WARM_UP_TURNS, completedElsewhere);
        device.answered = 0;
        long before = threads.getCurrentThreadAllocatedBytes();
        run(MEASURED_TURNS, completedElsewhere);
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;
        assertTrue(device.answered >= MEASURED_TURNS, device.answered + " answers");
        assertEquals(
                0,
                allocated / (double) device.answered,
                ALLOWED_BYTES_PER_COMMAND,
                allocated + " bytes for " + device.answered);
    }

    private void run(int turns, boolean completedElsewhere) {
        for (int i = 0; i < turns; i++) {
            frontEnd.turn(0);
            if (completedElsewhere) {
                unit.completeKept();
            }
        }
    }

    @Test
    void readsIntoBuffersOfTheKernelsCache() throws Exception {
        measure(MemoryReuse.ALL, false);
    }

    @Test
    void readsIntoBuffersForOneCommand() throws Exception {
        measure(MemoryReuse.NONE, false);
    }

    @Test
    void readsThatAreCompletedOnAnotherThread() throws Exception {
        measure(MemoryReuse.ALL, true);
    }

    /** Completes at once, or keeps the commands of a turn. */
    private static final class ReadUnit implements CommandHandler {
        private final Command[] kept = new Command[4 * BATCH];
        private int count;
        private boolean keeps;

        @Override
        public void execute(Command command) {
            if (keeps) {
                kept[count++] = command;
            } else {
                complete(command);
            }
        }

        void completeKept() {
            for (int i = 0; i < count; i++) {
                complete(kept[i]);
            }
            count = 0;
        }

        private static void complete(Command command) {
            command.setTransferBytes(command.dataBytes());
            command.completeGood();
        }

        @Override
        public void manage(TaskManagement request) {
            throw new AssertionError("not asked for");
        }

        @Override
        public void nexusEstablished(Nexus nexus) {}

        @Override
        public void nexusLost(Nexus nexus) {}
    }

    /** Has one session, and then reads without end. */
    private static final class EndlessDevice implements ScstUserDevice {
        private final Region memory = Region.allocate("test: cached buffers", BATCH * 4096);
        private final GetMultiFlyweight multi = new GetMultiFlyweight();
        private final GetCmdFlyweight subcommand = new GetCmdFlyweight();
        private final ScsiCmdExecFlyweight exec = new ScsiCmdExecFlyweight();
        private final ScsiOnFreeCmdFlyweight onFree = new ScsiOnFreeCmdFlyweight();
        private final ReplyCmdFlyweight reply = new ReplyCmdFlyweight();
        private final ScsiCmdReplyExecFlyweight execReply = new ScsiCmdReplyExecFlyweight();
        private final long[] lent = new long[4 * BATCH];
        private int lentCount;
        private boolean attached;
        private boolean lifeOfABuffer;
        private int handle;
        private long answered;

        @Override
        public int replyAndGetMulti(long address) {
            multi.wrap(address);
            for (int i = 0; i < multi.repliesCnt(); i++) {
                answer(multi.preplies() + (long) i * ReplyCmdFlyweight.BYTES);
            }
            multi.repliesDone(multi.repliesCnt());
            if (!attached && multi.cmdsCnt() > 0) {
                attached = true;
                subcommand.wrap(multi.cmdAddress(0)).cmdH(handle++).subcode(ScstUser.SCST_USER_ATTACH_SESS);
                new SessFlyweight()
                        .wrap(subcommand.payloadAddress())
                        .sessH(1)
                        .initiatorName("i")
                        .targetName("t");
                multi.cmdsCnt(1);
                return 0;
            }
            for (int i = 0; i < multi.cmdsCnt(); i++) {
                subcommand.wrap(multi.cmdAddress(i)).cmdH(handle++);
                if (lentCount > 0) {
                    subcommand.subcode(ScstUser.SCST_USER_ON_FREE_CMD);
                    onFree.wrap(subcommand.payloadAddress())
                            .pbuf(lent[--lentCount])
                            .bufferCached(0);
                } else {
                    subcommand.subcode(ScstUser.SCST_USER_EXEC);
                    exec.wrap(subcommand.payloadAddress())
                            .sessH(1)
                            .cdbLen(10)
                            .bufflen(4096)
                            .allocLen(4096)
                            .dataDirection(ScstUser.SCST_DATA_READ)
                            .pbuf(lifeOfABuffer ? 0 : memory.address() + i * 4096L);
                }
            }
            return 0;
        }

        private void answer(long address) {
            reply.wrap(address);
            if (reply.subcode() == ScstUser.SCST_USER_EXEC) {
                answered++;
                execReply.wrap(reply.execReplyAddress());
                if (execReply.pbuf() != 0) {
                    lent[lentCount++] = execReply.pbuf();
                }
            }
        }

        @Override
        public int replyCommand(long address) {
            answer(address);
            return 0;
        }

        @Override
        public int register(long address) {
            return 0;
        }

        @Override
        public int extendedCdb(long address) {
            return 0;
        }

        @Override
        public int setOptions(long address) {
            return 0;
        }

        @Override
        public int options(long address) {
            return 0;
        }

        @Override
        public int capacityChanged() {
            return 0;
        }

        @Override
        public int preallocateBuffer(long address) {
            return 0;
        }

        @Override
        public int flushCache() {
            return 0;
        }

        @Override
        public int wakeThreads() {
            return 0;
        }

        @Override
        public void close() {}
    }
}
