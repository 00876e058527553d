/**
 * The contract of filters: what stands around a logical unit and sees every command, task management function and end
 * of a nexus before the unit does. It may answer, keep, delay or change them. One folder a filter; none knows another.
 *
 * <p>May use {@code command} and {@code bridge.memory}; nothing else of ours. What the unit's tables say of commands
 * comes by {@link org.lunette.filter.CommandTable}.
 */
package org.lunette.filter;
