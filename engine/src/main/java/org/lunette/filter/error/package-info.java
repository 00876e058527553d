/** A filter that has commands fail. May use {@code filter}, {@code command} and {@code bridge.memory}. */
package org.lunette.filter.error;
