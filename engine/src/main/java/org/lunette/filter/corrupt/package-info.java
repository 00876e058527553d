/** A filter that flips bits. May use {@code filter}, {@code command} and {@code bridge.memory}. */
package org.lunette.filter.corrupt;
