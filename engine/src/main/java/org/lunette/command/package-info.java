/**
 * The waist between transports and devices: one SCSI command and its completion, the I_T nexus that it came by, task
 * management.
 *
 * <p>May use {@code bridge.memory}; nothing else of ours. No transport's word and no device's word belongs here.
 */
package org.lunette.command;
