package org.lunette.scsi.reservation;

/**
 * What a command wants of a logical unit, as far as reservations tell commands apart; SPC-5, tables 'allowed commands'.
 */
public enum Access {
    /** Nothing that a reservation guards: INQUIRY, READ CAPACITY. */
    NONE,
    /** To read from the medium or its state: READ, MODE SENSE. */
    READ,
    /** To change the medium or its state: WRITE, MODE SELECT. */
    WRITE
}
