package org.lunette.bridge.scstuser;

import java.util.List;

/** What the kernel logs from some moment on. */
interface KernelLog extends AutoCloseable {
    /** The messages since the log was opened, or since the last call; without time and level. */
    List<String> newMessages();

    /** Why there are never any messages, or null if there may be. */
    String unavailableBecause();

    @Override
    void close();
}
