/**
 * Declarations of VPD and mode pages, and the bytes that they become.
 *
 * <p>May use {@code command}; nothing else of ours.
 */
package org.lunette.scsi.page;
