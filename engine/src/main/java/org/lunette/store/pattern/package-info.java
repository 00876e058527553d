/** The store whose data is computed from where it is, and checked when it is written. May use {@code bridge.memory}. */
package org.lunette.store.pattern;
