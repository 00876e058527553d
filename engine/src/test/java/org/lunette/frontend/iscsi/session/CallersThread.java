package org.lunette.frontend.iscsi.session;

import java.util.function.BooleanSupplier;
import org.lunette.command.Command;
import org.lunette.ring.CommandRing;
import org.lunette.scsi.OneAtATime;

/** A session's thread that is no thread: those who call do its work, one at a time. */
final class CallersThread extends SessionThread {
    private final OneAtATime work = new OneAtATime();
    private final CommandRing ring;
    private final BooleanSupplier delivery;

    /**
     * @param ring the way to the device
     * @param delivery takes what was sent to the initiator, who may answer; says whether there was something
     */
    CallersThread(CommandRing ring, BooleanSupplier delivery) {
        this.ring = ring;
        this.delivery = delivery;
    }

    @Override
    protected boolean isCurrent() {
        return work.isCurrent();
    }

    @Override
    protected void submit(Command command) {
        ring.submit(command);
    }

    @Override
    protected void pduDone() {
        // The ring is drained after each piece of work.
    }

    @Override
    protected void execute(Runnable piece) {
        work.execute(() -> {
            piece.run();
            do {
                ring.drain();
            } while (delivery.getAsBoolean());
        });
    }

    @Override
    protected void wake() {
        execute(this::takeHandedOver);
    }
}
