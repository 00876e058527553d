package org.lunette.it.arch.wrong.store;

import org.lunette.it.arch.wrong.filter.delay.WrongDelay;
import org.lunette.it.arch.wrong.scsi.WrongDevice;
import org.lunette.it.arch.wrong.store.ram.WrongRam;

/** Lives where it should not, or knows whom it should not. */
public final class WrongStore {

    WrongRam wrongRam;

    WrongDelay wrongDelay;

    WrongDevice wrongDevice;
}
