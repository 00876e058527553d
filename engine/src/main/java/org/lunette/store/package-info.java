/**
 * The waist below the device server: what may be asked of blocks. One folder an implementation; none knows another.
 *
 * <p>Knows no SCSI, and nothing of ours but {@code bridge.memory} and {@code bridge.libc}.
 */
package org.lunette.store;
