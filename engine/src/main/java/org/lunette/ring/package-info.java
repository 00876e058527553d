/**
 * From a front-end's threads to the device's: LMAX Disruptor rings of bounded depth.
 *
 * <p>Three modes, the same handlers in each. SHARED ({@link org.lunette.ring.SharedRings}): the front-end's thread
 * drains its own ring. DEDICATED ({@link org.lunette.ring.DedicatedRings}): handler threads drain it, for devices that
 * block. STEPPED ({@link org.lunette.ring.SteppedRing}): a test drains it by hand.
 * {@link org.lunette.ring.OverflowExecutor} keeps one of a front-end's threads free where they do a blocking device's
 * work.
 *
 * <p>The only room that imports the Disruptor. It knows the {@code command} waist and {@code metrics}, nothing else of
 * ours.
 */
package org.lunette.ring;
