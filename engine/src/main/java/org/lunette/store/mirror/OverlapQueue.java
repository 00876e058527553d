package org.lunette.store.mirror;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Lets operations go one after another where their ranges overlap and one of them writes, in the order they came in;
 * side by side otherwise. Any thread may call. Bounded by what the device server has under way.
 */
final class OverlapQueue {
    /** An operation on a range, which is started once, and leaves when it has ended. */
    abstract static class Operation {
        private final long offsetBytes;
        private final long endBytes;
        private final boolean writes;
        private boolean started;

        Operation(long offsetBytes, long lengthBytes, boolean writes) {
            this.offsetBytes = offsetBytes;
            this.endBytes = offsetBytes + lengthBytes;
            this.writes = writes;
        }

        /** Begins; on any thread. */
        abstract void start();

        private boolean mustFollow(Operation other) {
            return (writes || other.writes) && offsetBytes < other.endBytes && other.offsetBytes < endBytes;
        }
    }

    private final List<Operation> inOrder = new ArrayList<>();
    private final Deque<Operation> ready = new ArrayDeque<>();
    /** The thread that starts what is ready; another one leaves its own to it only if that one is itself. */
    private final ThreadLocal<Boolean> starting = ThreadLocal.withInitial(() -> false);

    /** Starts an operation, now or later. */
    void enter(Operation operation) {
        synchronized (this) {
            inOrder.add(operation);
            findReady();
        }
        startReady();
    }

    /** An operation has ended: those that waited for it start. */
    void leave(Operation operation) {
        synchronized (this) {
            inOrder.remove(operation);
            findReady();
        }
        startReady();
    }

    private void findReady() {
        for (int i = 0; i < inOrder.size(); i++) {
            Operation operation = inOrder.get(i);
            if (!operation.started && inOrder.subList(0, i).stream().noneMatch(operation::mustFollow)) {
                operation.started = true;
                ready.add(operation);
            }
        }
    }

    /**
     * Not from within itself, where an operation ends before its start returns: a long queue would be deep recursion.
     */
    private void startReady() {
        if (starting.get()) {
            return;
        }
        starting.set(true);
        try {
            for (Operation next = nextReady(); next != null; next = nextReady()) {
                next.start();
            }
        } finally {
            starting.set(false);
        }
    }

    private synchronized Operation nextReady() {
        return ready.poll();
    }
}
