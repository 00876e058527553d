/**
 * iSCSI PDUs: flyweights over a basic header segment (RFC 7143, clause 11) that lies in a byte array, with additional
 * header segments behind it. A flyweight makes sense of bytes and checks nothing but the array's bounds.
 *
 * <p>May use the JDK; nothing else.
 */
package org.lunette.frontend.iscsi.pdu;
