/** Counters: what happened, how often. Knows nothing of ours, and is known by everybody. */
package org.lunette.metrics;
