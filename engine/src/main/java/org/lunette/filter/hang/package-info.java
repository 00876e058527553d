/** A filter that has commands, and task management functions, never end. May use {@code filter} and {@code command}. */
package org.lunette.filter.hang;
