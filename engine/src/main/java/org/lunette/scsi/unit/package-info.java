/**
 * The logical unit: puts tables, pages, task set and reservations together, and admits commands.
 *
 * <p>May use everything in {@code scsi} but {@code scsi.device}, and {@code command}, {@code store}; nothing else of
 * ours.
 */
package org.lunette.scsi.unit;
