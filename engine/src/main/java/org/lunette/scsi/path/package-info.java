/**
 * The ways by which initiators reach a logical unit: target ports, the groups that they form, and the asymmetric access
 * states of these; SPC-5, 5.15. State and rules only; the commands are in {@code scsi.primary}.
 *
 * <p>May use {@code command}; nothing else of ours.
 */
package org.lunette.scsi.path;
