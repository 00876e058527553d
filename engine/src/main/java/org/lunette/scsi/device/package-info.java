/**
 * The SCSI target device: logical units behind a LUN map.
 *
 * <p>May use {@code command}, {@code scsi.unit}, {@code scsi.primary}, {@code scsi.page} and {@code scsi.task}; nothing
 * else of ours.
 */
package org.lunette.scsi.device;
