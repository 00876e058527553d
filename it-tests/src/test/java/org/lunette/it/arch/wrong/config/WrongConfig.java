package org.lunette.it.arch.wrong.config;

/** Lives where it should not, or knows whom it should not. */
public final class WrongConfig {}
