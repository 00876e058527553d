/**
 * Who may do what to a logical unit: persistent reservations of SPC-5, and RESERVE/RELEASE of SPC-2. State and rules,
 * and how the state is kept; the commands are in {@code scsi.primary}.
 *
 * <p>May use {@code command} and {@code store}; nothing else of ours.
 */
package org.lunette.scsi.reservation;
