package org.lunette.it.arch.wrong.store.file;

import com.sun.jna.Pointer;

/** Lives where it should not, or knows whom it should not. */
public final class WrongFile {

    Pointer pointer;
}
