package org.lunette.it.arch.wrong.store.ram;

import org.lunette.it.arch.wrong.store.file.WrongFile;

/** Lives where it should not, or knows whom it should not. */
public final class WrongRam {

    WrongFile wrongFile;
}
