package org.lunette.scsi.path;

import java.util.Objects;

/**
 * A SCSI target port by which a logical unit is reached; SAM-5, 4.6.
 *
 * @param name the port's name, such as {@code iqn…,t,0x0001}: what {@link org.lunette.command.Nexus#targetPort} says
 * @param relativeIdentifier the relative target port identifier, 1 to 65535
 * @param group the target port group that it belongs to; SPC-5, 5.15
 */
public record TargetPort(String name, int relativeIdentifier, int group) {
    private static final int MAX_IDENTIFIER = 0xffff;

    public TargetPort {
        Objects.requireNonNull(name);
        if (relativeIdentifier < 1 || relativeIdentifier > MAX_IDENTIFIER) {
            throw new IllegalArgumentException(
                    "port " + name + ": a relative target port identifier is 1 to 65535, not " + relativeIdentifier);
        }
    }
}
