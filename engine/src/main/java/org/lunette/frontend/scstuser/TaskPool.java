package org.lunette.frontend.scstuser;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReference;
import org.lunette.bridge.memory.Region;

/**
 * The tasks of one loop. Its thread takes them; any thread gives them back. There come to be as many as are ever under
 * way at once.
 */
final class TaskPool implements AutoCloseable {
    /** Commands of one loop under way at once; SCST lets through fewer for a whole device. */
    static final int MAX_TASKS = 8192;

    private static final int CHUNK_TASKS = 64;

    private final CommandLoop loop;
    private final String name;
    private final AtomicReference<Task> givenBack = new AtomicReference<>();
    private Task idle;
    private volatile Task[] all = new Task[0];
    private volatile Region[] chunks = new Region[0];

    TaskPool(CommandLoop loop, String name) {
        this.loop = loop;
        this.name = name;
    }

    /** A task that is in no use, or null if there are too many in use. */
    Task take() {
        if (idle == null) {
            idle = givenBack.getAndSet(null);
            if (idle == null && !grow()) {
                return null;
            }
        }
        Task task = idle;
        idle = task.next;
        task.next = null;
        return task;
    }

    /** Takes a task back on the loop's own thread. */
    void giveBackHere(Task task) {
        task.next = idle;
        idle = task;
    }

    /** Takes a task back on any thread. */
    void giveBack(Task task) {
        Task head;
        do {
            head = givenBack.get();
            task.next = head;
        } while (!givenBack.compareAndSet(head, task));
    }

    /** See {@link Task#abortIfHandle}. Any thread. */
    void abortHandle(int handle) {
        for (Task task : all) {
            task.abortIfHandle(handle);
        }
    }

    /** See {@link Task#abortIfIn}. Any thread. */
    void abort(AbortScope scope) {
        for (Task task : all) {
            task.abortIfIn(scope);
        }
    }

    private boolean grow() {
        if (all.length >= MAX_TASKS) {
            return false;
        }
        Region[] moreChunks = Arrays.copyOf(chunks, chunks.length + 1);
        Task[] more = Arrays.copyOf(all, all.length + CHUNK_TASKS);
        Region chunk = Region.allocate(name, (long) CHUNK_TASKS * Task.REPLY_BYTES);
        moreChunks[chunks.length] = chunk;
        chunks = moreChunks;
        for (int i = all.length; i < more.length; i++) {
            more[i] = new Task(loop, chunk.address() + (long) (i - all.length) * Task.REPLY_BYTES);
        }
        for (int i = all.length; i < more.length; i++) {
            giveBackHere(more[i]);
        }
        all = more;
        return true;
    }

    /** Frees the tasks' memory. None may be in use. */
    @Override
    public void close() {
        for (Region chunk : chunks) {
            chunk.close();
        }
    }
}
