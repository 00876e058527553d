package org.lunette.frontend.iscsi.session;

import java.nio.ByteBuffer;
import org.lunette.frontend.iscsi.pdu.Pdu;

/**
 * Takes a stream of bytes apart into PDUs, in whatever pieces it comes. Data segments are copied once, to where the
 * {@link Receiver} wants them; nothing is allocated.
 */
final class PduAssembler {
    /** Who is told of PDUs. */
    interface Receiver {
        /**
         * The header is there, with its additional segments; says by {@link #storeData} where the data go, which else
         * are discarded.
         */
        void headerArrived();

        /** The data are there too. */
        void pduArrived();
    }

    private final Receiver receiver;
    private final byte[] header = new byte[Pdu.BHS_BYTES + Pdu.MAX_AHS_BYTES];
    private final Pdu pdu = new Pdu(header);
    private int headerHave;
    private int headerNeed = Pdu.BHS_BYTES;
    private ByteBuffer store;
    private int storeAt;
    private int dataLeft;
    private int paddingLeft;
    private boolean stopped;

    PduAssembler(Receiver receiver) {
        this.receiver = receiver;
    }

    /** The header of the PDU that is being received. */
    byte[] header() {
        return header;
    }

    /** Has the data segment of the present PDU written to {@code to} from {@code index} on. */
    void storeData(ByteBuffer to, int index) {
        store = to;
        storeAt = index;
    }

    /** Takes nothing any more. */
    void stop() {
        stopped = true;
    }

    /** Takes all bytes of {@code from}. */
    void receive(ByteBuffer from) {
        while (from.hasRemaining() && !stopped) {
            if (headerHave < headerNeed) {
                receiveHeader(from);
            } else {
                receiveData(from);
            }
        }
        from.position(from.limit());
    }

    private void receiveHeader(ByteBuffer from) {
        int bytes = Math.min(from.remaining(), headerNeed - headerHave);
        from.get(header, headerHave, bytes);
        headerHave += bytes;
        if (headerHave == Pdu.BHS_BYTES) {
            headerNeed = Pdu.BHS_BYTES + pdu.ahsBytes();
        }
        if (headerHave < headerNeed) {
            return;
        }
        dataLeft = pdu.dataSegmentBytes();
        paddingLeft = Pdu.padded(dataLeft) - dataLeft;
        store = null;
        receiver.headerArrived();
        if (dataLeft == 0) {
            finish();
        }
    }

    private void receiveData(ByteBuffer from) {
        int bytes = Math.min(from.remaining(), dataLeft);
        int at = from.position();
        if (bytes > 0) {
            if (store != null) {
                store.put(storeAt, from, at, bytes);
                storeAt += bytes;
            }
            dataLeft -= bytes;
        }
        int padding = Math.min(from.remaining() - bytes, paddingLeft);
        paddingLeft -= padding;
        from.position(at + bytes + padding);
        if (dataLeft == 0 && paddingLeft == 0) {
            finish();
        }
    }

    private void finish() {
        headerHave = 0;
        headerNeed = Pdu.BHS_BYTES;
        if (!stopped) {
            receiver.pduArrived();
        }
    }
}
