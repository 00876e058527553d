/**
 * The declarative table of operation codes: what is declared once is decoded, checked and reported.
 *
 * <p>May use {@code command}, {@code scsi.task}, {@code scsi.readiness} and {@code scsi.reservation}; nothing else of
 * ours.
 */
package org.lunette.scsi.table;
