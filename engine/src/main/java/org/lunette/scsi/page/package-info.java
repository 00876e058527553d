/**
 * Declarations of VPD, mode and log pages, and the bytes that they become.
 *
 * <p>May use {@code command} and {@code store}; nothing else of ours.
 */
package org.lunette.scsi.page;
