/**
 * The ways by which initiators reach a logical unit: target ports, and the groups that they form.
 *
 * <p>May use {@code command}, {@code scsi.page}, {@code scsi.table} and {@code scsi.task}; nothing else of ours.
 */
package org.lunette.scsi.path;
