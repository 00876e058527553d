/**
 * The Challenge Handshake Authentication Protocol as iSCSI uses it: users and their secrets, algorithms, challenges and
 * how they are written; RFC 1994 and RFC 7143, 12.1.3.
 *
 * <p>Knows the JDK and nothing of ours: what is sent when is {@code frontend.iscsi.session}'s.
 */
package org.lunette.frontend.iscsi.chap;
