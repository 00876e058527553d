package org.lunette.it.arch.wrong.frontend.iscsi.pdu;

import net.openhft.chronicle.bytes.Bytes;
import org.lunette.it.arch.wrong.frontend.iscsi.session.WrongSession;

/** Lives where it should not, or knows whom it should not. */
public final class WrongPdu {

    WrongSession wrongSession;

    Bytes<?> bytes;
}
