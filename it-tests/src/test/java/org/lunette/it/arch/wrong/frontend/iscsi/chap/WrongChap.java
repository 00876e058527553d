package org.lunette.it.arch.wrong.frontend.iscsi.chap;

import org.lunette.it.arch.wrong.frontend.iscsi.session.WrongSession;

/** Knows whom it should not. */
public final class WrongChap {

    WrongSession wrongSession;
}
