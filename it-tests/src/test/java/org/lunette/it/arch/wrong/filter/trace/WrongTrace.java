package org.lunette.it.arch.wrong.filter.trace;

/** Lives where it should not, or knows whom it should not. */
public final class WrongTrace {}
