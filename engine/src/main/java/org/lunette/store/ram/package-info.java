/** The RAM disk. May use {@code bridge.memory} and Chronicle Bytes. */
package org.lunette.store.ram;
