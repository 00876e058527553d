package org.lunette.it.arch.wrong.bridge.memory;

import org.lunette.it.arch.wrong.config.WrongConfig;

/** Lives where it should not, or knows whom it should not. */
public final class WrongMemory {

    WrongConfig wrongConfig;
}
