/**
 * The front-end for SCST: serves a logical unit as a device of the kernel's {@code scst_user}.
 *
 * <p>Threads sit in the kernel's REPLY_AND_GET_MULTI, which takes the answers to the last subcommands and brings the
 * next; what SCST has to do for the device runs inside that call. Commands go to the unit by a {@code ring}. May use
 * {@code bridge}, {@code command}, {@code ring} and {@code metrics}; knows neither the units nor the stores, nor the
 * other front-end.
 */
package org.lunette.frontend.scstuser;
