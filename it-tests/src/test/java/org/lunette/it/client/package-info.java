/** The executable jar as a user runs it, and the clients that a user has: libiscsi's tools and QEMU's. */
package org.lunette.it.client;
