/** A filter that lets commands wait. May use {@code filter} and {@code command}. */
package org.lunette.filter.delay;
