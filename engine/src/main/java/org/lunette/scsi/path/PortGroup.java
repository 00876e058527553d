package org.lunette.scsi.path;

import java.util.List;
import java.util.Objects;

/**
 * A target port group as a logical unit sees it at one moment; SPC-5, 5.15.2.
 *
 * @param tag the TARGET PORT GROUP
 * @param state its asymmetric access state
 * @param preferred whether it is preferred: PREF
 * @param cause what brought the state about
 * @param ports the target ports that belong to it; at least one
 */
public record PortGroup(int tag, AccessState state, boolean preferred, Cause cause, List<TargetPort> ports) {
    /** What brought a state about; the STATUS CODE of REPORT TARGET PORT GROUPS. */
    public enum Cause {
        NONE,
        /** An initiator, by SET TARGET PORT GROUPS. */
        EXPLICIT,
        /** The target by itself, on behalf of its administrator. */
        IMPLICIT
    }

    public PortGroup {
        Objects.requireNonNull(state);
        Objects.requireNonNull(cause);
        ports = List.copyOf(ports);
    }
}
