/**
 * Copies between the logical units of one engine, done here and not by an initiator: EXTENDED COPY and its results
 * (SPC-5), tokens for data (ROD tokens; SPC-5 and SBC-4), and the place where the units find each other.
 *
 * <p>May use {@code bridge.memory}, {@code command}, {@code store}, and of {@code scsi} the rooms {@code table},
 * {@code page}, {@code task}, {@code reservation} and {@code readiness}; nothing else of ours.
 */
package org.lunette.scsi.copy;
