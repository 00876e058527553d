package org.lunette.it.arch.wrong.attic;

/** Lives where it should not, or knows whom it should not. */
public final class WrongPlace {}
