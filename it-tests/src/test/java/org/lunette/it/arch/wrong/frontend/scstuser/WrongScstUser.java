package org.lunette.it.arch.wrong.frontend.scstuser;

import org.lunette.it.arch.wrong.scsi.table.WrongTable;

/** Lives where it should not, or knows whom it should not. */
public final class WrongScstUser {

    WrongTable wrongTable;
}
