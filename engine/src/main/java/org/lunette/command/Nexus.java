package org.lunette.command;

import java.util.Objects;

/**
 * An I_T nexus: one initiator port seen through one target port; SAM-5, 4.6.4.
 *
 * <p>Two objects are two nexuses in time (a session that ended and one that came back), even where {@link #sameAs} says
 * that the ports are the same; what a standard binds to the ports (reservations) compares by {@link #sameAs}, what it
 * binds to the session (unit attentions) by identity. Immutable.
 */
public final class Nexus {
    private final String initiatorPort;
    private final String targetPort;
    private final int relativeTargetPort;

    /**
     * @param initiatorPort the SCSI initiator port's name; for iSCSI {@code iqn…,i,0xISID}
     * @param targetPort the SCSI target port's name; for iSCSI {@code iqn…,t,0xTPGT}
     * @param relativeTargetPort the relative target port identifier, 1 to 65535
     */
    public Nexus(String initiatorPort, String targetPort, int relativeTargetPort) {
        this.initiatorPort = Objects.requireNonNull(initiatorPort);
        this.targetPort = Objects.requireNonNull(targetPort);
        this.relativeTargetPort = relativeTargetPort;
    }

    /** The SCSI initiator port's name. */
    public String initiatorPort() {
        return initiatorPort;
    }

    /** The SCSI target port's name. */
    public String targetPort() {
        return targetPort;
    }

    /** The relative target port identifier of the target port, 1 to 65535. */
    public int relativeTargetPort() {
        return relativeTargetPort;
    }

    /** Whether both ports are the same ones. */
    public boolean sameAs(Nexus other) {
        return initiatorPort.equals(other.initiatorPort) && targetPort.equals(other.targetPort);
    }

    @Override
    public String toString() {
        return initiatorPort + " - " + targetPort;
    }
}
