/**
 * Who may do what to a logical unit: persistent reservations of SPC-5, and RESERVE/RELEASE of SPC-2. State and rules
 * only; the commands are in {@code scsi.primary}.
 *
 * <p>May use {@code command}; nothing else of ours.
 */
package org.lunette.scsi.reservation;
