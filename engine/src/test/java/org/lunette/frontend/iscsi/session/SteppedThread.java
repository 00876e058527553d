package org.lunette.frontend.iscsi.session;

import java.util.ArrayDeque;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.lunette.command.Command;
import org.lunette.command.CommandHandler;

/** A session's thread that a test drives: nothing happens before {@link #run}. */
final class SteppedThread extends SessionThread {
    private final CommandHandler handler;
    private final Thread thread = Thread.currentThread();
    private final ArrayDeque<Command> submitted = new ArrayDeque<>();
    private final ConcurrentLinkedQueue<Runnable> work = new ConcurrentLinkedQueue<>();

    SteppedThread(CommandHandler handler) {
        this.handler = handler;
    }

    @Override
    protected boolean isCurrent() {
        return Thread.currentThread() == thread;
    }

    @Override
    protected void submit(Command command) {
        submitted.add(command);
    }

    @Override
    protected void pduDone() {}

    @Override
    protected void execute(Runnable runnable) {
        work.add(runnable);
    }

    @Override
    protected void wake() {
        work.add(this::takeHandedOver);
    }

    /** Executes what was submitted and does what was asked for, until there is nothing left. */
    void run() {
        while (true) {
            Runnable next = work.poll();
            if (next != null) {
                next.run();
            } else if (!submitted.isEmpty()) {
                handler.execute(submitted.poll());
            } else {
                return;
            }
        }
    }
}
