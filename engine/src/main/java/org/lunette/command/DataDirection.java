package org.lunette.command;

/** Which way a command's data goes, seen from the initiator. */
public enum DataDirection {
    NONE,
    /** From the device to the initiator: READ, INQUIRY. */
    IN,
    /** From the initiator to the device: WRITE, MODE SELECT. */
    OUT
}
