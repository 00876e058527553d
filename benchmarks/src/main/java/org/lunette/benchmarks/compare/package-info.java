/**
 * Runs the same loads on this target and on others, in turns, and reports ratios. Knows the others as programs of this
 * machine, and Lunette as a jar: nothing of ours is imported.
 */
package org.lunette.benchmarks.compare;
