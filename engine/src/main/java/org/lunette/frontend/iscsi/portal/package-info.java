/**
 * iSCSI portals on Netty: listening, reading, writing, one ring per event loop.
 *
 * <p>The only room that imports Netty. May use {@code frontend.iscsi.session} and {@code .pdu}, {@code ring},
 * {@code command} and {@code bridge.memory}; never {@code scsi} or {@code store}.
 */
package org.lunette.frontend.iscsi.portal;
