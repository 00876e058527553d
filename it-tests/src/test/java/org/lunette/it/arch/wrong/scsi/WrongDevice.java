package org.lunette.it.arch.wrong.scsi;

import com.lmax.disruptor.RingBuffer;
import org.lunette.it.arch.wrong.app.WrongApp;
import org.lunette.it.arch.wrong.filter.trace.WrongTrace;
import org.lunette.it.arch.wrong.frontend.iscsi.pdu.WrongPdu;
import org.lunette.it.arch.wrong.ring.WrongRing;
import org.lunette.it.arch.wrong.store.ram.WrongRam;

/** Lives where it should not, or knows whom it should not. */
public final class WrongDevice {

    WrongPdu wrongPdu;

    WrongRing wrongRing;

    WrongApp wrongApp;

    WrongTrace wrongTrace;

    WrongRam wrongRam;

    RingBuffer<?> ringBuffer;
}
