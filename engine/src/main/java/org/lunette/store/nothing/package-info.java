/** The store that keeps nothing, to measure all that is above a store. May use {@code bridge.memory}. */
package org.lunette.store.nothing;
