/**
 * What a logical unit keeps of its commands and nexuses while they last: tasks and the task set, the ranges that some
 * have for themselves, what they count, unit attentions, the nexuses and their buffers.
 *
 * <p>May use {@code command}, {@code store} and {@code scsi.reservation}; nothing else of ours.
 */
package org.lunette.scsi.task;
