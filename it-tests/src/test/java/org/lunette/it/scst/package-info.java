/**
 * Lunette and a real SCST, in the emulated machine. The modules come from the folder that {@code SCST_MODULES} names:
 * none are ours.
 */
package org.lunette.it.scst;
