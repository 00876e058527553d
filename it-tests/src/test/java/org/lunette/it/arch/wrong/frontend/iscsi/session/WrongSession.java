package org.lunette.it.arch.wrong.frontend.iscsi.session;

import org.lunette.it.arch.wrong.frontend.iscsi.portal.WrongPortal;
import org.lunette.it.arch.wrong.store.WrongStore;

/** Lives where it should not, or knows whom it should not. */
public final class WrongSession {

    WrongPortal wrongPortal;

    WrongStore wrongStore;
}
