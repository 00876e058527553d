/**
 * Whether a logical unit and its medium are ready for a command: ejected, being formatted or sanitized, or spoilt by
 * that; SPC-5, SBC-4. State and rules only; the commands are in {@code scsi.block}.
 *
 * <p>May use {@code command} and {@code scsi.task}; nothing else of ours.
 */
package org.lunette.scsi.readiness;
