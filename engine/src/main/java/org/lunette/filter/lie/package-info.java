/** A filter that acknowledges what it does not do. May use {@code filter} and {@code command}. */
package org.lunette.filter.lie;
