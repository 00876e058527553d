/**
 * SCST's {@code scst_user} character device: flyweights over its structures, its constants, and the device behind an
 * interface that a model can stand in for.
 *
 * <p>May use {@code bridge.libc} and {@code bridge.memory}. It knows no SCSI beyond what the kernel's structures carry.
 */
package org.lunette.bridge.scstuser;
