/** A filter that protects a medium from writing. May use {@code filter}, {@code command} and {@code bridge.memory}. */
package org.lunette.filter.readonly;
