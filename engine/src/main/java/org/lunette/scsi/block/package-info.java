/**
 * The commands and pages of a direct access block device: SBC, on a {@link org.lunette.store.Store}.
 *
 * <p>May use {@code command}, {@code store}, {@code bridge.memory}, {@code scsi.table}, {@code scsi.page},
 * {@code scsi.task}, {@code scsi.readiness} and {@code scsi.reservation}; nothing else of ours.
 */
package org.lunette.scsi.block;
