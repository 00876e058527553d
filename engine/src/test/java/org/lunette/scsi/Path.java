package org.lunette.scsi;

import org.lunette.command.CommandHandler;

/** A way from the initiators of a test to the units of it: in process, or through a front-end. */
public interface Path {
    /** The handler gets what the initiator says, as it is. */
    Path IN_PROCESS = new Path() {
        @Override
        public CommandHandler to(CommandHandler handler) {
            return handler;
        }

        @Override
        public void close() {
            // Nothing was opened.
        }
    };

    /**
     * The near end of a way to a handler, for one nexus: what it is told arrives there, and it completes commands with
     * what came back. It throws {@link NotCarried} for what cannot go this way.
     */
    CommandHandler to(CommandHandler handler);

    /** Ends all nexuses, after a test; fails if a rule of the transport was broken. The path may be used again. */
    void close();
}
