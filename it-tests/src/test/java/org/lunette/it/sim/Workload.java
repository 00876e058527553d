package org.lunette.it.sim;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import org.lunette.bridge.scstuser.ScstUser;

/**
 * What initiators do, drawn from a seed, and the oracle that knows what they must get: every command ends once, what is
 * read is what was written last. Of a block whose write was aborted or answered BUSY nothing is known until it is
 * written again. Used by one thread.
 */
final class Workload {
    private static final int UNKNOWN = -1;
    private static final int MAX_BLOCKS = 40;
    private static final int BLOCK_BYTES = SimUnit.BLOCK_BYTES;

    /** A command under way. */
    private record Op(ModelCommand command, int lba, int blocks, int version) {
        boolean isWrite() {
            return command.opcode() == 0x8a;
        }

        boolean isRead() {
            return command.opcode() == 0x88;
        }
    }

    private final ModelCore core;
    private final Random random;
    private final int depth;
    private final int[] versions;
    private final int[] readers;
    private final boolean[] written;
    private final List<ModelSession> sessions = new ArrayList<>();
    private final List<Op> underWay = new ArrayList<>();
    private final List<ModelTask> tasks = new ArrayList<>();
    private final List<String> failures = new ArrayList<>();
    private int lastVersion;
    private int nextInitiator;
    private long trace;
    int ended;
    int endedGood;
    int endedAborted;

    Workload(ModelCore core, int blocks, int depth, Random random) {
        this.core = core;
        this.random = random;
        this.depth = depth;
        this.versions = new int[blocks];
        this.readers = new int[blocks];
        this.written = new boolean[blocks];
    }

    /** Does one thing or nothing. */
    void step() {
        collect();
        int what = random.nextInt(100);
        if (what < 3) {
            changeSessions();
        } else if (what < 6) {
            core.purge(1 + random.nextInt(4));
        } else if (what < 9) {
            abortSomething();
        } else if (underWay.size() < depth) {
            submitSomething();
        }
    }

    private void changeSessions() {
        if (core.hasFreeSession() && (sessions.isEmpty() || random.nextBoolean())) {
            sessions.add(core.attach("initiator-" + nextInitiator++, random.nextInt(4)));
        } else if (sessions.size() > 1) {
            ModelSession session = sessions.get(random.nextInt(sessions.size()));
            if (session.isAttached() && !core.isBusy(session)) {
                core.detach(session);
                sessions.remove(session);
            }
        }
    }

    private void abortSomething() {
        ModelSession session = attached();
        if (session == null) {
            return;
        }
        switch (random.nextInt(6)) {
            case 0 -> tasks.add(core.manage(ScstUser.SCST_LUN_RESET, session, null));
            case 1 -> tasks.add(core.manage(ScstUser.SCST_ABORT_TASK_SET, session, null));
            default -> {
                if (!underWay.isEmpty()) {
                    ModelCommand command = underWay.get(random.nextInt(underWay.size())).command;
                    tasks.add(core.manage(ScstUser.SCST_ABORT_TASK, command.session, command));
                }
            }
        }
    }

    private ModelSession attached() {
        List<ModelSession> attached =
                sessions.stream().filter(ModelSession::isAttached).toList();
        return attached.isEmpty() ? null : attached.get(random.nextInt(attached.size()));
    }

    private void submitSomething() {
        ModelSession session = attached();
        if (session == null) {
            return;
        }
        int what = random.nextInt(100);
        if (what < 85) {
            submitReadOrWrite(session, what < 45);
        } else {
            ModelCommand command = switch (what % 5) {
                case 0 -> ModelCommand.in(session, 255, 0x12, 0, 0, 0, 255, 0);
                case 1 -> ModelCommand.none(session, 0xc1, 0, 0, 0, 0, 0);
                case 2 -> longCdb(session);
                case 3 -> ModelCommand.out(session, new byte[24], 0x5f, 0, 0, 0, 0, 0, 0, 0, 24, 0);
                default -> ModelCommand.none(session, 0, 0, 0, 0, 0, 0);
            };
            submit(new Op(command, 0, 0, 0));
        }
    }

    private static ModelCommand longCdb(ModelSession session) {
        int[] cdb = new int[32];
        cdb[0] = 0x7f;
        cdb[20] = 0x11;
        cdb[31] = 0x90;
        return ModelCommand.none(session, cdb);
    }

    /**
     * Commands that touch the same blocks are not under way together if one of them writes: nobody could say what comes
     * of that.
     */
    private void submitReadOrWrite(ModelSession session, boolean read) {
        int blocks = 1 + random.nextInt(MAX_BLOCKS);
        int lba = random.nextInt(versions.length - blocks);
        for (int i = lba; i < lba + blocks; i++) {
            if (written[i] || !read && readers[i] > 0) {
                return;
            }
        }
        for (int i = lba; i < lba + blocks; i++) {
            readers[i] += read ? 1 : 0;
            written[i] |= !read;
        }
        int version = read ? 0 : ++lastVersion;
        ModelCommand command = read
                ? ModelCommand.read(session, lba, blocks)
                : ModelCommand.write(session, lba, data(lba, blocks, version));
        if (random.nextInt(20) == 0) {
            command.queueType = ScstUser.SCST_CMD_QUEUE_HEAD_OF_QUEUE;
        }
        submit(new Op(command, lba, blocks, version));
    }

    private void submit(Op op) {
        underWay.add(op);
        core.submit(op.command);
    }

    private static byte[] data(int lba, int blocks, int version) {
        byte[] data = new byte[blocks * BLOCK_BYTES];
        for (int i = 0; i < data.length; i++) {
            data[i] = content(lba + i / BLOCK_BYTES, version, i % BLOCK_BYTES);
        }
        return data;
    }

    /** What a block holds; version 0 is that of a new disk. */
    private static byte content(int block, int version, int index) {
        return version == 0 ? 0 : (byte) (version * 31 + block * 7 + index + (version >> 8));
    }

    /** Looks at the commands that have ended. */
    void collect() {
        for (Iterator<Op> all = underWay.iterator(); all.hasNext(); ) {
            Op op = all.next();
            if (op.command.isDone()) {
                all.remove();
                judge(op);
            }
        }
        tasks.removeIf(task -> task.result != null);
    }

    private void judge(Op op) {
        ModelCommand command = op.command;
        ended++;
        trace = trace * 31 + command.status * 7L + command.dataIn.length + op.lba + (command.aborted ? 5 : 0);
        boolean good = !command.aborted && command.status == ModelCore.GOOD;
        endedGood += good ? 1 : 0;
        endedAborted += command.aborted ? 1 : 0;
        for (int i = op.lba; i < op.lba + op.blocks; i++) {
            readers[i] -= op.isRead() ? 1 : 0;
            if (op.isWrite()) {
                written[i] = false;
                versions[i] = good ? op.version : UNKNOWN;
            }
        }
        if (command.aborted) {
            return;
        }
        if (command.answers > 1 || command.answers == 0 && command.status != ModelCore.BUSY) {
            failures.add(command + " was answered " + command.answers + " times");
        }
        boolean refusedOnPurpose = command.status == ModelCore.BUSY || command.status == ModelCore.TASK_SET_FULL;
        boolean unknown = command.opcode() == 0xc1;
        if (!refusedOnPurpose && unknown != (command.status == ModelCore.CHECK_CONDITION)) {
            failures.add(command + " ended with status " + command.status);
        }
        if (good && op.isRead()) {
            compare(op);
        }
    }

    private void compare(Op op) {
        byte[] data = op.command.dataIn;
        if (data.length != op.blocks * BLOCK_BYTES) {
            failures.add(op.command + " returned " + data.length + " bytes");
            return;
        }
        for (int i = 0; i < data.length; i++) {
            int block = op.lba + i / BLOCK_BYTES;
            if (versions[block] != UNKNOWN && data[i] != content(block, versions[block], i % BLOCK_BYTES)) {
                failures.add("block " + block + " is not what was written last");
                return;
            }
        }
    }

    boolean isDone() {
        collect();
        return underWay.isEmpty() && tasks.isEmpty();
    }

    int underWay() {
        return underWay.size();
    }

    List<String> failures() {
        return failures;
    }

    /** A digest of all that happened: two runs of one seed have the same. */
    long trace() {
        return trace;
    }
}
