package org.lunette.scsi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.lunette.command.ScsiStatus;
import org.lunette.command.Sense;
import org.lunette.command.SenseKey;
import org.lunette.command.TaskManagement.Function;
import org.lunette.scsi.LockingHost.End;
import org.lunette.scsi.LockingHost.Request;
import org.lunette.scsi.unit.LogicalUnit;

/**
 * Hosts that share a lock, a counter and heartbeats on one unit lose none of them, whatever is aborted, reset and lost
 * meanwhile. One thread does everything, in an order that the seed makes: a failure replays exactly.
 */
public class SharedLockTest {
    private static final int HOSTS = 3;
    private static final int GOAL = 300;
    private static final int MAX_STEPS = 2_000_000;

    private final long seed = Seed.OF_THIS_RUN;
    private final Random random = new Random(seed);
    private final List<Runnable> operations = new ArrayList<>();
    private final FakeStore store = FakeStore.ofBlocks(64).by(operations::add);
    private final LogicalUnit unit = LogicalUnit.builder("shared", store).build();
    private final AtomicInteger holder = new AtomicInteger();
    private final List<Member> members = new ArrayList<>();

    /** A host with its nexus, and the command that it has under way. */
    private final class Member {
        final LockingHost host;
        private final String name;
        private Initiator nexus;
        private Initiator.Pending pending;

        Member(int id) {
            host = new LockingHost(id, HOSTS, holder, GOAL, random);
            name = "host" + id;
            nexus = new Initiator(unit, name);
        }

        void advance() {
            if (pending == null && !host.isDone()) {
                Request request = host.next();
                pending = request.inBytes() > 0
                        ? nexus.startIn(request.cdb(), request.inBytes())
                        : nexus.startOut(request.cdb(), request.out());
            }
            if (pending != null && pending.isDone()) {
                Reply reply = pending.reply();
                pending = null;
                host.ended(end(reply), reply.data());
            }
        }

        void abort() {
            if (pending != null && !pending.isDone()) {
                try {
                    pending.abort();
                } catch (NotCarried e) {
                    // Resets and lost nexuses are left.
                }
            }
        }

        void loseNexus() {
            if (pending == null) {
                nexus.close();
                nexus = new Initiator(unit, name);
            }
        }
    }

    private static End end(Reply reply) {
        if (reply.status() == ScsiStatus.GOOD) {
            return End.GOOD;
        }
        boolean miscompare = reply.sense().length > 0 && Sense.key(reply.sense()) == SenseKey.MISCOMPARE.code();
        return miscompare ? End.MISCOMPARE : End.UNKNOWN;
    }

    @Test
    void theCounterIsExactThroughAbortsResetsAndLostNexuses() {
        for (int id = 1; id <= HOSTS; id++) {
            members.add(new Member(id));
        }
        Initiator resets = new Initiator(unit, "resets");
        try {
            for (int steps = 0; !members.stream().allMatch(member -> member.host.isDone()); steps++) {
                assertTrue(steps < MAX_STEPS, "the hosts get nowhere");
                step(resets);
            }
        } catch (AssertionError e) {
            throw new AssertionError(e.getMessage() + ", seed " + seed, e);
        }
        finishOperations();
        byte[] blocks = store.snapshot();
        assertEquals(HOSTS * GOAL, LockingHost.counter(blocks), "seed " + seed);
        for (int id = 1; id <= HOSTS; id++) {
            assertEquals(members.get(id - 1).host.beats(), LockingHost.heartbeats(blocks, id), "seed " + seed);
        }
        assertEquals(0, unit.taskCount(), "seed " + seed);
    }

    private void step(Initiator resets) {
        Member member = members.get(random.nextInt(HOSTS));
        int dice = random.nextInt(200);
        switch (dice) {
            case 0 -> resets.startManage(Function.LOGICAL_UNIT_RESET);
            case 1 -> member.loseNexus();
            case 2, 3, 4, 5 -> member.abort();
            default -> {
                if (dice % 2 == 0 && !operations.isEmpty()) {
                    operations.remove(random.nextInt(operations.size())).run();
                } else {
                    member.advance();
                }
            }
        }
    }

    private void finishOperations() {
        while (!operations.isEmpty()) {
            operations.remove(0).run();
        }
    }
}
