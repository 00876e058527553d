package org.lunette.scsi.task;

/** What a command does with the medium, as far as statistics tell commands apart; SPC-5, 7.3. */
public enum Operation {
    READ,
    WRITE,
    VERIFY
}
