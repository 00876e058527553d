package org.lunette.scsi;

import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.lunette.bridge.memory.Memory;
import org.lunette.bridge.memory.Region;
import org.lunette.command.Command;
import org.lunette.command.CommandHandler;
import org.lunette.command.Completion;
import org.lunette.command.DataDirection;
import org.lunette.command.Nexus;
import org.lunette.command.ScsiStatus;
import org.lunette.command.Sense;
import org.lunette.command.SenseKey;
import org.lunette.command.TaskAttribute;
import org.lunette.command.TaskManagement;
import org.lunette.command.TaskManagement.Response;
import org.lunette.scsi.task.UnitAttention;

/**
 * An initiator for tests: one nexus to a handler, in process or by another {@link Path}. Commands are sent one after
 * another or side by side; each has a buffer of its own, guarded by canaries.
 */
public final class Initiator implements AutoCloseable {
    private static final long TIMEOUT_S = 30;
    private static final int GUARD_BYTES = 64;
    private static final byte GUARD = 0x5c;

    private static volatile Path path = Path.IN_PROCESS;

    private final CommandHandler handler;
    private final Nexus nexus;
    private int lun;
    private TaskAttribute attribute = TaskAttribute.SIMPLE;
    private long nextTag = 1;

    /**
     * A nexus between an initiator port of this name and target port 1, established, with its power-on attention
     * pending.
     */
    public Initiator(CommandHandler handler, String name) {
        this(
                handler,
                new Nexus("iqn.2026-11.test:" + name + ",i,0x0123456789ab", "iqn.2026-11.test:target,t,0x0001", 1));
    }

    public Initiator(CommandHandler handler, Nexus nexus) {
        this.handler = path.to(handler);
        this.nexus = nexus;
        this.handler.nexusEstablished(nexus);
    }

    /** Has all initiators from now on reach their handlers by a path. */
    static void reachBy(Path other) {
        path = other;
    }

    /** As the constructor, and the power-on attention is taken already. */
    public static Initiator ready(CommandHandler handler, String name) {
        Initiator initiator = new Initiator(handler, name);
        try {
            initiator.in(Cdb.requestSense(false), 252);
        } catch (NotCarried e) { // by whom REQUEST SENSE is answered there does not know of the attention
            initiator.none(Cdb.testUnitReady());
        }
        return initiator;
    }

    public Nexus nexus() {
        return nexus;
    }

    /** Sends what follows to another LUN. */
    public Initiator lun(int other) {
        lun = other;
        return this;
    }

    /** Sends what follows with another task attribute. */
    public Initiator as(TaskAttribute other) {
        attribute = other;
        return this;
    }

    /** A command under way. */
    public final class Pending {
        private final CompletableFuture<Reply> reply = new CompletableFuture<>();
        private final Region region;
        private final int room;
        private final Command command;
        private volatile boolean answeredEarly;

        private Pending(byte[] cdb, DataDirection direction, byte[] out, int room, long expectedBytes) {
            this.room = room;
            this.region = Region.allocate("test-initiator", room + 2L * GUARD_BYTES);
            Memory.fill(region.address(), region.lengthBytes(), GUARD);
            long data = region.address() + GUARD_BYTES;
            if (out != null) {
                Memory.copy(out, 0, data, out.length);
            }
            this.command = new Command(this, new FrontEnd());
            command.begin(nexus, lun, nextTag++, attribute);
            command.setCdb(cdb, 0, cdb.length);
            command.setData(direction, room == 0 ? 0 : data, room, expectedBytes);
        }

        /** Answers commands that are over their deadlines, as the iSCSI front-end does. */
        private final class FrontEnd implements Completion {
            @Override
            public void completed(Command ended) {
                finished();
            }

            @Override
            public void overdue(Command late, int use) {
                byte[] sense = new byte[Sense.MAX_BYTES];
                int length = command.overdueSense(sense);
                command.abort();
                answeredEarly = reply.complete(
                        new Reply(ScsiStatus.CHECK_CONDITION, Arrays.copyOf(sense, length), 0, new byte[0]));
            }
        }

        private void finished() {
            byte[] sense = Arrays.copyOf(command.sense(), command.senseBytes());
            byte[] data = {};
            if (command.direction() == DataDirection.IN) {
                data = new byte[command.transferredBytes()];
                Memory.copy(region.address() + GUARD_BYTES, data, 0, data.length);
            }
            boolean guarded = isGuard(0) && isGuard(GUARD_BYTES + room);
            region.close();
            Reply result = new Reply(command.status(), sense, command.transferBytes(), data);
            boolean once = guarded
                    ? reply.complete(result)
                    : reply.completeExceptionally(new AssertionError("wrote beside the buffer"));
            if (!once && !(answeredEarly && guarded)) {
                throw new AssertionError("completed twice: " + command);
            }
        }

        private boolean isGuard(int offset) {
            for (int i = 0; i < GUARD_BYTES; i++) {
                if (Memory.getByte(region.address() + offset + i) != GUARD) {
                    return false;
                }
            }
            return true;
        }

        /** Marks the command as aborted, in process: what ABORT TASK comes to is each front-end's own affair. */
        public void abort() {
            if (path != Path.IN_PROCESS) {
                throw new NotCarried("each front-end has tests of ABORT TASK of its own");
            }
            command.abort();
        }

        public boolean isAborted() {
            return command.isAborted();
        }

        /** Whether a front-end would send no status. */
        public boolean endedWithoutStatus() {
            return command.endsWithoutStatus();
        }

        public boolean isDone() {
            return reply.isDone();
        }

        /** Waits for the end. */
        public Reply reply() {
            try {
                return reply.get(TIMEOUT_S, TimeUnit.SECONDS);
            } catch (Exception e) {
                throw new AssertionError("no reply to " + command, e);
            }
        }
    }

    /** Makes a command that is not yet sent. */
    public Pending prepare(byte[] cdb, DataDirection direction, byte[] out, int room, long expectedBytes) {
        return new Pending(cdb, direction, out, room, expectedBytes);
    }

    /** Sends a prepared command. */
    public Pending send(Pending pending) {
        try {
            handler.execute(pending.command);
        } catch (NotCarried e) {
            pending.region.close();
            throw e;
        }
        return pending;
    }

    /** Sends a command that reads up to {@code room} bytes, without waiting. */
    public Pending startIn(byte[] cdb, int room) {
        return send(prepare(cdb, DataDirection.IN, null, room, room));
    }

    /** Sends a command with data, without waiting. */
    public Pending startOut(byte[] cdb, byte[] data) {
        return send(prepare(cdb, DataDirection.OUT, data, data.length, data.length));
    }

    /** A command without data. */
    public Reply none(byte[] cdb) {
        return send(prepare(cdb, DataDirection.NONE, null, 0, 0)).reply();
    }

    /** A command that reads up to {@code room} bytes. */
    public Reply in(byte[] cdb, int room) {
        return startIn(cdb, room).reply();
    }

    /** A command with data. */
    public Reply out(byte[] cdb, byte[] data) {
        return startOut(cdb, data).reply();
    }

    /** Asks for a task management function; the answer comes when it is there. */
    public CompletableFuture<Response> startManage(TaskManagement.Function function) {
        CompletableFuture<Response> answer = new CompletableFuture<>();
        handler.manage(new TaskManagement(function, nexus, lun, (request, response) -> answer.complete(response)));
        return answer;
    }

    /** Asks for a task management function, and waits for the answer. */
    public Response manage(TaskManagement.Function function) {
        CompletableFuture<Response> answer = startManage(function);
        try {
            return answer.get(TIMEOUT_S, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new AssertionError("no response to " + function, e);
        }
    }

    /** Takes every pending unit attention; returns how many there were. */
    public int takeAttentions() {
        for (int taken = 0; taken <= UnitAttention.values().length; taken++) {
            Reply reply = none(Cdb.testUnitReady());
            if (reply.sense().length == 0 || Sense.key(reply.sense()) != SenseKey.UNIT_ATTENTION.code()) {
                return taken;
            }
        }
        throw new AssertionError("unit attentions without end");
    }

    /** The nexus is lost. */
    @Override
    public void close() {
        handler.nexusLost(nexus);
    }
}
