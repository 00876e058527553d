package org.lunette.it.arch.wrong.filter.delay;

import org.lunette.it.arch.wrong.filter.trace.WrongTrace;
import org.lunette.it.arch.wrong.ring.WrongRing;

/** Lives where it should not, or knows whom it should not. */
public final class WrongDelay {

    WrongTrace wrongTrace;

    WrongRing wrongRing;
}
