/**
 * The commands and pages that every device type has: SPC.
 *
 * <p>May use {@code command}, {@code scsi.table}, {@code scsi.page}, {@code scsi.task}, {@code scsi.readiness} and
 * {@code scsi.reservation}; nothing else of ours.
 */
package org.lunette.scsi.primary;
