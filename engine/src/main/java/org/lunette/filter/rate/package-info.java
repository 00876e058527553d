/** A filter that limits how much a nexus gets. May use {@code filter} and {@code command}. */
package org.lunette.filter.rate;
