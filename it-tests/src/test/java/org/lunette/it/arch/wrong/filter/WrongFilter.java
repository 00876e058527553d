package org.lunette.it.arch.wrong.filter;

import org.lunette.it.arch.wrong.filter.delay.WrongDelay;

/** Lives where it should not, or knows whom it should not. */
public final class WrongFilter {

    WrongDelay wrongDelay;
}
