/**
 * The system calls that Lunette needs, by JNA direct mapping: addresses as {@code long}, an error as the negative
 * {@code errno}.
 *
 * <p>The only room that imports JNA. It knows nothing of ours. Needs a C library with {@code statx}: glibc 2.28, musl
 * 1.2.
 */
package org.lunette.bridge.libc;
