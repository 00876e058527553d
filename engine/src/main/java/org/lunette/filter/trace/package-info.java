/** A filter that records commands. May use {@code filter}, {@code command} and {@code bridge.memory}. */
package org.lunette.filter.trace;
