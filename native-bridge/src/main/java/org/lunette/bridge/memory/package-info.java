/**
 * Off-heap memory: page-aligned regions that are counted and named, and access to them by address.
 *
 * <p>May use {@code bridge.libc}, Chronicle Core and Chronicle Bytes; nothing else of ours. Nothing in this room is
 * freed by a cleaner: memory may be lent to the kernel, and only its owner knows when it is back.
 */
package org.lunette.bridge.memory;
