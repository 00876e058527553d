/**
 * The store that is two, which it compares. May use {@code bridge.memory}, and opens its two as anybody does: by
 * {@link org.lunette.store.Stores}.
 */
package org.lunette.store.mirror;
