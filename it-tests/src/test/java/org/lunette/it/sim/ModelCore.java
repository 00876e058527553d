package org.lunette.it.sim;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.lunette.bridge.scstuser.MemoryReuse;
import org.lunette.bridge.scstuser.ScstUser;

/**
 * SCST's core as far as a handler notices it: sessions, the way of a command from parsing to its end, buffers, task
 * management. Guarded by its own monitor, which the {@link ModelScstUserDevice} in front of it takes; what initiators
 * call takes it itself.
 */
final class ModelCore {
    static final int GOOD = 0x00;
    static final int CHECK_CONDITION = 0x02;
    static final int BUSY = 0x08;
    static final int TASK_SET_FULL = 0x28;

    private static final int PERSISTENT_RESERVE_OUT = 0x5f;

    final ModelFaults faults;
    final List<String> violations = new ArrayList<>();
    final KernelMemory memory = new KernelMemory();
    final ModelBuffers buffers = new ModelBuffers(memory, violations::add);
    final Deque<ModelUcmd> ready = new ArrayDeque<>();
    final Map<Integer, ModelUcmd> handles = new HashMap<>();
    /** Handles of commands that were dropped after they had been fetched: their answers find ESRCH. */
    final Set<Integer> forgotten = new HashSet<>();
    /** Handles that were answered by a call which was begun anew: their answers come again. */
    final Set<Integer> givenTwice = new HashSet<>();

    private final Deque<Long> freeSessionHandles =
            new ArrayDeque<>(List.of(0xffff_8880_0000_1000L, 0x7000L, 0xffff_8880_0000_3000L, 0x100L));
    private final Set<ModelSession> sessions = new LinkedHashSet<>();
    private final Set<ModelCommand> underWay = new LinkedHashSet<>();
    private final Deque<ModelCommand> heldBack = new ArrayDeque<>();
    private final List<ModelTask> tasks = new ArrayList<>();
    private int nextHandle;
    private int nextNumber = Integer.MAX_VALUE - 2; // numbers go round
    private int resetsUnderWay;
    /** A mistake that no kernel should make: writes come to EXEC with no buffer. */
    boolean losesBuffers;

    private MemoryReuse reuse;
    private boolean parseException;
    private boolean onFreeCalled;

    ModelCore(ModelFaults faults) {
        this.faults = faults;
    }

    void configure(MemoryReuse reuse, boolean parseException, boolean onFreeCalled) {
        this.reuse = reuse;
        this.parseException = parseException;
        this.onFreeCalled = onFreeCalled;
        if (reuse != MemoryReuse.ALL && !onFreeCalled) {
            violations.add("without ON_FREE_CMD the buffers that the kernel does not keep are never free");
        }
    }

    // ---- what initiators do ----

    /** A new session; it is there once ATTACH_SESS was answered. A handle is used again as soon as it is free. */
    synchronized ModelSession attach(String initiator, int lun) {
        ModelSession session = new ModelSession(freeSessionHandles.pop(), initiator, lun);
        sessions.add(session);
        ModelUcmd ucmd = newUcmd(ScstUser.SCST_USER_ATTACH_SESS);
        ucmd.session = session;
        queueFirst(ucmd);
        return session;
    }

    /** Ends a session that has no command under way. Nobody waits for the answer, and the handle is free at once. */
    synchronized void detach(ModelSession session) {
        if (underWay.stream().anyMatch(command -> command.session == session)) {
            throw new IllegalStateException("commands of the session are under way");
        }
        sessions.remove(session);
        ModelUcmd ucmd = newUcmd(ScstUser.SCST_USER_DETACH_SESS);
        ucmd.session = session;
        queueFirst(ucmd);
        freeSessionHandles.push(session.handle);
    }

    synchronized boolean hasFreeSession() {
        return !freeSessionHandles.isEmpty();
    }

    synchronized boolean isBusy(ModelSession session) {
        return underWay.stream().anyMatch(command -> command.session == session)
                || tasks.stream().anyMatch(task -> task.result == null);
    }

    /** Sends a command. */
    synchronized void submit(ModelCommand command) {
        underWay.add(command);
        command.number = nextNumber++;
        if (resetsUnderWay > 0) {
            heldBack.add(command);
        } else {
            begin(command);
        }
    }

    /** Aborts one command, or with LUN_RESET all of the device. */
    synchronized ModelTask manage(int function, ModelSession session, ModelCommand toAbort) {
        return manage(function, session, toAbort, null);
    }

    /** As {@link #manage}; of a session's commands it concerns those before {@code number}, unless that is null. */
    synchronized ModelTask manage(int function, ModelSession session, ModelCommand toAbort, Integer number) {
        int handleToAbort = 0;
        if (toAbort != null) {
            for (ModelUcmd ucmd : handles.values()) {
                handleToAbort = ucmd.command == toAbort ? ucmd.handle : handleToAbort;
            }
        }
        ModelTask task = new ModelTask(function, session, handleToAbort, number);
        tasks.add(task);
        if (function == ScstUser.SCST_LUN_RESET) {
            resetsUnderWay++;
        }
        for (ModelCommand command : List.copyOf(underWay)) {
            boolean concerned = toAbort == null
                    ? function == ScstUser.SCST_LUN_RESET || command.session == session
                    : command == toAbort;
            concerned &= number == null || command.number - number < 0;
            if (concerned && !heldBack.contains(command)) {
                command.aborted = true;
                task.waitingFor.add(command);
            }
        }
        abortUnseen();
        ModelUcmd ucmd = newUcmd(ScstUser.SCST_USER_TASK_MGMT_RECEIVED);
        ucmd.task = task;
        queueFirst(ucmd);
        forgetSome();
        return task;
    }

    /** Lets the cache go of idle buffers. */
    synchronized void purge(int limit) {
        for (ModelBuffers.Cached buffer : buffers.purge(limit)) {
            ModelUcmd ucmd = newUcmd(ScstUser.SCST_USER_ON_CACHED_MEM_FREE);
            ucmd.address = buffer.address;
            queueLast(ucmd);
        }
    }

    /** Asks for something that no version of the handler knows, or will soon. */
    synchronized ModelUcmd ask(int subcode) {
        ModelUcmd ucmd = newUcmd(subcode);
        queueLast(ucmd);
        return ucmd;
    }

    synchronized int commandsUnderWay() {
        return underWay.size();
    }

    synchronized boolean isQuiet() {
        return underWay.isEmpty()
                && ready.isEmpty()
                && handles.isEmpty()
                && tasks.stream().allMatch(task -> task.result != null);
    }

    /** Waits until something is ready, or a command has ended; for ever with 0. */
    synchronized void awaitEvent(long timeoutMs) {
        try {
            wait(timeoutMs);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    // ---- a command's way ----

    private void begin(ModelCommand command) {
        ModelUcmd ucmd = newUcmd(0);
        ucmd.command = command;
        if (ScstTable.knows(command.opcode())) {
            allocate(ucmd);
        } else if (parseException) {
            ucmd.subcode = ScstUser.SCST_USER_PARSE;
            queueFirst(ucmd);
        } else {
            end(ucmd, CHECK_CONDITION, new byte[0]);
        }
    }

    /** After parsing: finds a buffer, or asks for one where the initiator's data must go somewhere. */
    void allocate(ModelUcmd ucmd) {
        ModelCommand command = ucmd.command;
        if (command.aborted) {
            end(ucmd, BUSY, new byte[0]);
            return;
        }
        if (command.bufferBytes > 0) {
            ucmd.keptByKernel = reuse.keeps(command.direction);
            if (ucmd.keptByKernel) {
                ucmd.cached = buffers.takeIdle(command.bufferBytes);
                ucmd.address = ucmd.cached == null ? 0 : ucmd.cached.address;
            }
            if (ucmd.address == 0 && (command.direction & ScstUser.SCST_DATA_WRITE) != 0 && !losesBuffers) {
                ucmd.subcode = ScstUser.SCST_USER_ALLOC_MEM;
                queueFirst(ucmd);
                return;
            }
        }
        execute(ucmd);
    }

    int bytesToAllocate(ModelUcmd ucmd) {
        return ucmd.keptByKernel ? ModelBuffers.cachedBytes(ucmd.command.bufferBytes) : ucmd.command.bufferBytes;
    }

    /** The handler lent a buffer. */
    void take(ModelUcmd ucmd, long address) {
        ucmd.address = address;
        if (ucmd.keptByKernel) {
            ucmd.cached = buffers.addCached(ucmd.handle, address, bytesToAllocate(ucmd));
        } else {
            buffers.lend(address, ucmd.command.bufferBytes);
        }
    }

    /** The initiator's data arrives, then the command goes to the handler. */
    void execute(ModelUcmd ucmd) {
        ModelCommand command = ucmd.command;
        if (command.aborted) {
            end(ucmd, BUSY, new byte[0]);
            return;
        }
        if ((command.direction & ScstUser.SCST_DATA_WRITE) != 0
                && !losesBuffers
                && !memory.write(command.dataOut, command.dataOut.length, ucmd.address)) {
            violations.add("the buffer for " + command + " is not there");
        }
        if (command.opcode() == PERSISTENT_RESERVE_OUT) {
            command.status = GOOD; // carried out by the core; the handler only hears of it
        }
        ucmd.subcode = ScstUser.SCST_USER_EXEC;
        if (command.queueType == ScstUser.SCST_CMD_QUEUE_HEAD_OF_QUEUE) {
            queueFirst(ucmd);
        } else {
            queueLast(ucmd);
        }
    }

    /** The command's end: its data has gone to the initiator, its buffer into the cache or back to the handler. */
    void end(ModelUcmd ucmd, int status, byte[] dataIn) {
        ModelCommand command = ucmd.command;
        command.status = status;
        command.dataIn = dataIn;
        ucmd.lastStatus = status;
        ucmd.lastRespDataLen = dataIn.length;
        ucmd.command = null;
        underWay.remove(command);
        if (ucmd.cached != null) {
            buffers.putIdle(ucmd.cached);
        }
        if (onFreeCalled && ucmd.seenByUser) {
            ucmd.subcode = ScstUser.SCST_USER_ON_FREE_CMD;
            queueLast(ucmd);
        } else {
            handles.remove(ucmd.handle);
        }
        command.setDone();
        notifyAll();
        for (ModelTask task : tasks) {
            if (task.waitingFor.remove(command)) {
                goOn(task);
            }
        }
    }

    byte[] dataIn(ModelUcmd ucmd, int bytes) {
        byte[] data = memory.read(ucmd.address, bytes);
        if (data == null) {
            violations.add("the data of " + ucmd.command + " is not there");
            return new byte[0];
        }
        return data;
    }

    // ---- task management ----

    /** Ends aborted commands that the handler has never seen. */
    private void abortUnseen() {
        for (ModelUcmd ucmd : List.copyOf(ready)) {
            if (ucmd.command != null && ucmd.command.aborted && !ucmd.seenByUser) {
                ready.remove(ucmd);
                end(ucmd, BUSY, new byte[0]);
            }
        }
    }

    /** Drops some aborted commands that the handler has, and that have no buffer yet. */
    private void forgetSome() {
        for (ModelUcmd ucmd : List.copyOf(handles.values())) {
            boolean droppable = ucmd.sentToUser && ucmd.command != null && ucmd.command.aborted && ucmd.address == 0;
            if (droppable && faults.forgets()) {
                forgotten.add(ucmd.handle);
                handles.remove(ucmd.handle);
                ucmd.seenByUser = false;
                end(ucmd, BUSY, new byte[0]);
            }
        }
    }

    void goOn(ModelTask task) {
        if (task.receivedAnswered && !task.doneSent && task.waitingFor.isEmpty()) {
            task.doneSent = true;
            ModelUcmd ucmd = newUcmd(ScstUser.SCST_USER_TASK_MGMT_DONE);
            ucmd.task = task;
            queueFirst(ucmd);
        }
    }

    void taskDone(ModelTask task, int result) {
        task.result = result;
        task.whenDone.run();
        if (task.function == ScstUser.SCST_LUN_RESET && --resetsUnderWay == 0) {
            while (!heldBack.isEmpty()) {
                begin(heldBack.poll());
            }
        }
    }

    // ---- handles and the queue ----

    private ModelUcmd newUcmd(int subcode) {
        ModelUcmd ucmd = new ModelUcmd(nextHandle++);
        ucmd.subcode = subcode;
        handles.put(ucmd.handle, ucmd);
        return ucmd;
    }

    /** Management comes before commands, in its own order. */
    private void queueFirst(ModelUcmd ucmd) {
        List<ModelUcmd> management = new ArrayList<>();
        while (!ready.isEmpty() && ready.peek().isManagement()) {
            management.add(ready.poll());
        }
        ready.addFirst(ucmd);
        for (int i = management.size() - 1; i >= 0; i--) {
            ready.addFirst(management.get(i));
        }
        notifyAll();
    }

    private void queueLast(ModelUcmd ucmd) {
        ready.addLast(ucmd);
        notifyAll();
    }

    /** The next subcommand to fetch, or null. Aborted commands end here instead of being fetched. */
    ModelUcmd next() {
        while (true) {
            ModelUcmd ucmd = ready.poll();
            if (ucmd == null) {
                return null;
            }
            if (ucmd.command != null && ucmd.command.aborted) {
                end(ucmd, BUSY, new byte[0]);
                continue;
            }
            ucmd.sentToUser = true;
            ucmd.seenByUser = true;
            return ucmd;
        }
    }

    /** What was fetched and not answered. */
    List<ModelUcmd> unanswered() {
        return handles.values().stream().filter(ucmd -> ucmd.sentToUser).toList();
    }

    @Override
    public String toString() {
        return "ready " + ready.size() + ", under way " + underWay + ", handles "
                + Arrays.toString(handles.values().stream()
                        .map(u -> Integer.toHexString(u.subcode))
                        .toArray());
    }
}
