package org.lunette.frontend.iscsi.portal;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.Objects;

/**
 * A portal of a target; RFC 7143, 4.1.
 *
 * @param address where it listens; port 0 takes any
 * @param groupTag the target portal group tag, 1 to 65535
 * @param relativeTargetPort the relative target port identifier of the group's SCSI port: the same in all its portals
 */
public record Portal(InetSocketAddress address, int groupTag, int relativeTargetPort) {
    public Portal {
        Objects.requireNonNull(address);
    }

    /** The portals of a target that has but one portal group, whose tag is 1. */
    public static List<Portal> ofOneGroup(List<InetSocketAddress> addresses) {
        return addresses.stream().map(address -> new Portal(address, 1, 1)).toList();
    }
}
