package org.lunette.it.arch.wrong.frontend.iscsi.portal;

import org.lunette.it.arch.wrong.frontend.scstuser.WrongScstUser;

/** Lives where it should not, or knows whom it should not. */
public final class WrongPortal {

    WrongScstUser wrongScstUser;
}
