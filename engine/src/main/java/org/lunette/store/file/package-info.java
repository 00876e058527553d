/**
 * Files and block devices, by {@code pread} and {@code pwrite}, through the page cache or past it.
 *
 * <p>May use {@code bridge.memory} and {@code bridge.libc}.
 */
package org.lunette.store.file;
