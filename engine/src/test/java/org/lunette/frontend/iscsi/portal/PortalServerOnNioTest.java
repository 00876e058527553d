package org.lunette.frontend.iscsi.portal;

/** The portal on the JDK's own selectors. */
class PortalServerOnNioTest extends PortalServerTest {
    @Override
    boolean epoll() {
        return false;
    }
}
