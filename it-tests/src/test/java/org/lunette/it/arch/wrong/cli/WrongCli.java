package org.lunette.it.arch.wrong.cli;

import org.lunette.it.arch.wrong.scsi.WrongDevice;

/** Lives where it should not, or knows whom it should not. */
public final class WrongCli {

    WrongDevice wrongDevice;
}
