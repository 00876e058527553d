package org.lunette.it.sim;

import org.lunette.bridge.scstuser.ScstUser;

/** A SCSI command as an initiator sends it to the model, and what became of it. */
final class ModelCommand {
    final ModelSession session;
    final byte[] cdb;
    final byte[] dataOut;
    int direction;
    int bufferBytes;
    /** Its number in the order of arrival, as soon as the model has it. */
    int number;

    int queueType = ScstUser.SCST_CMD_QUEUE_SIMPLE;

    /** Set by the model before {@link #done}. */
    int status;

    byte[] sense = new byte[0];
    byte[] dataIn = new byte[0];
    boolean aborted;
    /** How often the unit's side answered the EXEC. */
    int answers;

    /** Run when it has ended, by the model. */
    Runnable whenDone = () -> {};

    private boolean done;

    /**
     * @param direction {@code SCST_DATA_*}, as the core concludes it
     * @param bufferBytes what the command transfers
     * @param dataOut what the initiator sends, at most that much
     */
    ModelCommand(ModelSession session, byte[] cdb, int direction, int bufferBytes, byte[] dataOut) {
        this.session = session;
        this.cdb = cdb;
        this.direction = bufferBytes == 0 ? ScstUser.SCST_DATA_NONE : direction;
        this.bufferBytes = bufferBytes;
        this.dataOut = dataOut;
    }

    static ModelCommand none(ModelSession session, int... cdb) {
        return new ModelCommand(session, bytes(cdb), ScstUser.SCST_DATA_NONE, 0, new byte[0]);
    }

    static ModelCommand in(ModelSession session, int bufferBytes, int... cdb) {
        return new ModelCommand(session, bytes(cdb), ScstUser.SCST_DATA_READ, bufferBytes, new byte[0]);
    }

    static ModelCommand out(ModelSession session, byte[] data, int... cdb) {
        return new ModelCommand(session, bytes(cdb), ScstUser.SCST_DATA_WRITE, data.length, data);
    }

    static ModelCommand both(ModelSession session, byte[] dataOut, int bufferBytes, int... cdb) {
        return new ModelCommand(session, bytes(cdb), ScstUser.SCST_DATA_BIDI, bufferBytes, dataOut);
    }

    static ModelCommand read(ModelSession session, long lba, int blocks) {
        return in(session, blocks * SimUnit.BLOCK_BYTES, readOrWrite(0x88, lba, blocks));
    }

    static ModelCommand write(ModelSession session, long lba, byte[] data) {
        return out(session, data, readOrWrite(0x8a, lba, data.length / SimUnit.BLOCK_BYTES));
    }

    private static int[] readOrWrite(int opcode, long lba, int blocks) {
        int[] cdb = new int[16];
        cdb[0] = opcode;
        for (int i = 0; i < 8; i++) {
            cdb[2 + i] = (int) (lba >>> 56 - 8 * i);
        }
        for (int i = 0; i < 4; i++) {
            cdb[10 + i] = blocks >>> 24 - 8 * i;
        }
        return cdb;
    }

    private static byte[] bytes(int[] values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return bytes;
    }

    int opcode() {
        return cdb[0] & 0xff;
    }

    synchronized boolean isDone() {
        return done;
    }

    synchronized void setDone() {
        if (done) {
            throw new AssertionError("ended twice: " + this);
        }
        done = true;
        notifyAll();
        whenDone.run();
    }

    @Override
    public String toString() {
        return Integer.toHexString(opcode()) + "h of " + session + (aborted ? ", aborted" : "");
    }
}
