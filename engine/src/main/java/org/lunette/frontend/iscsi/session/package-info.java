/**
 * The iSCSI protocol as state machines: login and text negotiation, sessions, tasks and their data transfers; RFC 7143.
 *
 * <p>A {@link org.lunette.frontend.iscsi.session.Connection} is told what arrived and calls a
 * {@link org.lunette.frontend.iscsi.session.Transport} to answer: no sockets, threads or clocks are in here, so a test
 * can step it. May use {@code frontend.iscsi.pdu}, {@code frontend.iscsi.chap}, {@code command}, {@code bridge.memory};
 * never Netty, {@code scsi} or {@code store}.
 */
package org.lunette.frontend.iscsi.session;
