package org.lunette.it.client;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lunette.command.ScsiStatus;
import org.lunette.command.Sense;
import org.lunette.command.SenseKey;
import org.lunette.frontend.iscsi.pdu.TaskManagementRequest;
import org.lunette.it.support.IscsiSession;
import org.lunette.it.support.JavaRuntime;
import org.lunette.it.support.LunetteServer;
import org.lunette.scsi.Cdb;
import org.lunette.scsi.LockingHost;
import org.lunette.scsi.LockingHost.End;
import org.lunette.scsi.LockingHost.Request;
import org.lunette.scsi.Seed;

/**
 * Hosts on both sides of two portals share a lock, a counter and heartbeats on one unit, while each of them aborts,
 * resets, drops and takes over its own sessions with commands under way. Real threads and sockets: a seed gives the
 * same faults again, and not the same moments.
 */
class SharedLockIT {
    private static final int HOSTS = 3;
    private static final int GOAL = 150;
    private static final long TIMEOUT_S = 120;
    private static final int DICE = 200;

    private final long seed = Seed.OF_THIS_RUN;

    /** A host at a portal, on a thread of its own. */
    private static final class Member implements AutoCloseable {
        private final LockingHost host;
        private final String portal;
        private final String name;
        private final long isid;
        private final int lun;
        private final Random random;
        private IscsiSession session;
        private byte[] in = {};

        Member(int id, int lun, AtomicInteger holder, String portal, Random random) throws IOException {
            this.host = new LockingHost(id, HOSTS, holder, GOAL, random);
            this.portal = portal;
            this.name = "iqn.2026-11.org.lunette.test:lock" + id;
            this.isid = 0x0002_3d00_0000L + id;
            this.lun = lun;
            this.random = random;
            logIn();
        }

        private void logIn() throws IOException {
            session = new IscsiSession(portal, LunetteServer.TARGET, name, isid, random.nextBoolean());
        }

        Member work() throws IOException {
            while (!host.isDone()) {
                Request request = host.next();
                session.start(lun, request.cdb(), request.out(), request.inBytes());
                in = new byte[0];
                End end = end(fate());
                host.ended(end, end == End.GOOD ? in : new byte[0]);
            }
            return this;
        }

        /** The answer to the command under way; null if it has no answer and never will have one. */
        private IscsiSession.Answer fate() throws IOException {
            int dice = random.nextInt(DICE);
            if (dice < 30) {
                return session.abort();
            }
            return switch (dice) {
                case 30, 31 -> {
                    session.drop(dice == 30);
                    logIn();
                    yield null;
                }
                case 32, 33 -> {
                    IscsiSession old = session;
                    logIn(); // the target closes the old session before it answers
                    old.close();
                    yield null;
                }
                case 34, 35 -> session.reset(TaskManagementRequest.LOGICAL_UNIT_RESET);
                case 36 -> session.reset(TaskManagementRequest.TARGET_WARM_RESET);
                case 37 -> session.reset(TaskManagementRequest.ABORT_TASK_SET);
                default -> session.answer();
            };
        }

        private End end(IscsiSession.Answer answer) {
            if (answer == null) {
                return End.UNKNOWN;
            }
            if (answer.status() == ScsiStatus.GOOD.code()) {
                in = answer.in();
                return End.GOOD;
            }
            boolean miscompare = answer.sense().length > 0 && Sense.key(answer.sense()) == SenseKey.MISCOMPARE.code();
            return miscompare ? End.MISCOMPARE : End.UNKNOWN;
        }

        /** Ends well with the unit's first blocks. */
        byte[] blocks() throws IOException {
            int bytes = 16 * LockingHost.BLOCK_BYTES;
            IscsiSession.Answer answer;
            do {
                session.start(lun, Cdb.read(0, 16), new byte[0], bytes);
                answer = session.answer();
            } while (answer.status() != ScsiStatus.GOOD.code()); // attentions of the others' resets
            return answer.in();
        }

        @Override
        public void close() throws IOException {
            session.close();
        }
    }

    @Test
    void theCounterIsExactThroughTwoPortals(@TempDir Path folder) throws Exception {
        try (LunetteServer server = LunetteServer.start(
                JavaRuntime.ofTheTests(),
                "serve",
                "--listen",
                "127.0.0.1:0",
                "--listen",
                "127.0.0.1:0",
                "memory=ram:16M",
                "file=file:" + folder.resolve("file") + ",size=16M,dsync")) {
            for (int lun = 0; lun < 2; lun++) {
                share(server.portals(), lun);
            }
        }
    }

    private void share(List<String> portals, int lun) throws Exception {
        AtomicInteger holder = new AtomicInteger();
        ExecutorService threads = Executors.newFixedThreadPool(HOSTS);
        try {
            List<Future<Member>> working = new ArrayList<>();
            for (int id = 1; id <= HOSTS; id++) {
                Member member = new Member(id, lun, holder, portals.get(id % 2), new Random(seed + id));
                working.add(threads.submit(member::work));
            }
            List<Member> members = new ArrayList<>();
            for (Future<Member> each : working) {
                members.add(each.get(TIMEOUT_S, TimeUnit.SECONDS));
            }
            byte[] blocks = members.get(0).blocks();
            assertEquals(HOSTS * GOAL, LockingHost.counter(blocks), "LUN " + lun + ", seed " + seed);
            for (int id = 1; id <= HOSTS; id++) {
                try (Member member = members.get(id - 1)) {
                    long beats = member.host.beats();
                    assertEquals(beats, LockingHost.heartbeats(blocks, id), "LUN " + lun + ", seed " + seed);
                    System.out.printf("host %d: %d heartbeats, %d miscompares%n", id, beats, member.host.miscompares());
                }
            }
        } catch (Exception e) {
            throw new AssertionError("LUN " + lun + ", seed " + seed + ": " + e.getMessage(), e);
        } finally {
            threads.shutdownNow();
        }
    }
}
