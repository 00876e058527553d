package org.lunette.frontend.iscsi.session;

import org.lunette.frontend.iscsi.pdu.DataOut;
import org.lunette.frontend.iscsi.pdu.Pdu;

/**
 * The way of one command's output data to the target: immediate, unsolicited, then what R2Ts ask for; RFC 7143, 4.2.5.2
 * and 11.7. Data come in order within and across sequences (DataPDUInOrder and DataSequenceInOrder are Yes).
 *
 * <pre>
 *   0        received     sequenceEnd             requested              total
 *   |===========|==============|=======================|====================|
 *     arrived     rest of the    further outstanding R2Ts   not asked for yet
 *                 sequence
 * </pre>
 */
final class WriteTransfer {
    /** What is wrong with a Data-Out. */
    enum Fault {
        NONE,
        /** It answers no R2T that is outstanding, nor is it unsolicited data that is due. */
        UNKNOWN_TAG,
        WRONG_DATA_SN,
        WRONG_OFFSET,
        TOO_MUCH_DATA
    }

    private final int[] tags;
    private final int[] ends;
    private int first;
    private int outstanding;
    private boolean unsolicited;
    private int totalBytes;
    private int receivedBytes;
    private int requestedBytes;
    private int nextDataSn;
    private int r2tSn;

    /** @param maxOutstandingR2t as negotiated */
    WriteTransfer(int maxOutstandingR2t) {
        this.tags = new int[maxOutstandingR2t];
        this.ends = new int[maxOutstandingR2t];
    }

    /**
     * Starts a transfer.
     *
     * @param unsolicitedBytes up to where data may come without being asked for, immediate data included
     * @param unsolicitedFollows whether Data-Out PDUs follow that nobody asked for
     */
    void begin(int totalBytes, int immediateBytes, int unsolicitedBytes, boolean unsolicitedFollows) {
        this.totalBytes = totalBytes;
        this.receivedBytes = immediateBytes;
        this.unsolicited = unsolicitedFollows;
        this.requestedBytes = unsolicitedFollows ? unsolicitedBytes : immediateBytes;
        this.first = 0;
        this.outstanding = 0;
        this.nextDataSn = 0;
        this.r2tSn = 0;
    }

    /** Looks at the header of a Data-Out for this transfer. */
    Fault check(DataOut pdu) {
        if (!isExpected(pdu.targetTransferTag())) {
            return Fault.UNKNOWN_TAG;
        }
        if (pdu.dataSn() != nextDataSn) {
            return Fault.WRONG_DATA_SN;
        }
        if (pdu.bufferOffset() != receivedBytes) {
            return Fault.WRONG_OFFSET;
        }
        return pdu.dataSegmentBytes() > sequenceEnd() - receivedBytes ? Fault.TOO_MUCH_DATA : Fault.NONE;
    }

    private boolean isExpected(int tag) {
        return unsolicited ? tag == Pdu.NO_TAG : outstanding > 0 && tag == tags[first];
    }

    private int sequenceEnd() {
        return unsolicited ? requestedBytes : ends[first];
    }

    /** Where in the buffer the next data go. */
    int receivedBytes() {
        return receivedBytes;
    }

    /**
     * Data that {@link #check} let pass have arrived.
     *
     * @return false if the sequence that the R2T asked for ended before all of it had come
     */
    boolean arrived(int lengthBytes, boolean last) {
        receivedBytes += lengthBytes;
        nextDataSn++;
        if (unsolicited && last) {
            requestedBytes = receivedBytes; // the rest will be asked for
        }
        boolean complete = receivedBytes == sequenceEnd();
        if (last || complete) {
            endSequence();
        }
        return complete || !last;
    }

    /** Forgets the present sequence, whose last PDU has come. */
    void endSequence() {
        nextDataSn = 0;
        if (unsolicited) {
            unsolicited = false;
        } else if (outstanding > 0) {
            first = (first + 1) % tags.length;
            outstanding--;
        }
    }

    /** Whether all data are here. */
    boolean isComplete() {
        return receivedBytes == totalBytes;
    }

    /** Whether the initiator still owes the end of a sequence. */
    boolean awaitsSequence() {
        return unsolicited || outstanding > 0;
    }

    /** Whether an R2T may be sent now. */
    boolean mayRequest() {
        return !unsolicited && outstanding < tags.length && requestedBytes < totalBytes;
    }

    /** From where the next R2T asks for data. */
    int requestOffset() {
        return requestedBytes;
    }

    /** The number of the next R2T; how many there were so far. */
    int r2tSn() {
        return r2tSn;
    }

    /** Notes that an R2T is sent; returns how much it asks for, in bytes. */
    int request(int tag, int maxBurstBytes) {
        int lengthBytes = Math.min(maxBurstBytes, totalBytes - requestedBytes);
        requestedBytes += lengthBytes;
        int slot = (first + outstanding) % tags.length;
        tags[slot] = tag;
        ends[slot] = requestedBytes;
        outstanding++;
        r2tSn++;
        return lengthBytes;
    }
}
