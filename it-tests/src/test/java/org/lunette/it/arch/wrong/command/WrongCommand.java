package org.lunette.it.arch.wrong.command;

import org.lunette.it.arch.wrong.store.WrongStore;

/** Lives where it should not, or knows whom it should not. */
public final class WrongCommand {

    WrongStore wrongStore;
}
