package org.lunette.scsi.task;

import org.lunette.command.Nexus;
import org.lunette.scsi.reservation.Standing;

/** What a logical unit keeps for one nexus from its coming to its loss. */
public final class NexusState {
    private final Nexus nexus;
    private final NexusTable table;
    private final AttentionQueue attentions = new AttentionQueue();
    private final Standing standing;
    private final NexusBuffers buffers = new NexusBuffers();
    private volatile boolean preventsRemoval;
    private volatile boolean lost;

    NexusState(Nexus nexus, NexusTable table) {
        this.nexus = nexus;
        this.table = table;
        this.standing = new Standing(nexus);
    }

    /**
     * What counts for a command that a copy manager sends in a nexus's name: the nexus's reservations, and no unit
     * attentions. The nexus need not be established.
     */
    public static NexusState ofCopyManager(Nexus nexus) {
        return new NexusState(nexus, null);
    }

    boolean isOfCopyManager() {
        return table == null;
    }

    public Nexus nexus() {
        return nexus;
    }

    public AttentionQueue attentions() {
        return attentions;
    }

    /** How the nexus stands to the unit's reservations. */
    public Standing standing() {
        return standing;
    }

    /** What READ BUFFER and WRITE BUFFER of the nexus work on. */
    public NexusBuffers buffers() {
        return buffers;
    }

    /** Whether the nexus prevents the medium's removal. */
    boolean preventsRemoval() {
        return preventsRemoval;
    }

    /** The nexus prevents the medium's removal, or allows it; PREVENT ALLOW MEDIUM REMOVAL. */
    public void preventRemoval(boolean prevents) {
        preventsRemoval = prevents;
    }

    boolean isCurrentFor(Nexus other, NexusTable in) {
        return nexus == other && table == in && !lost;
    }

    boolean isLost() {
        return lost;
    }

    void lose() {
        lost = true;
    }
}
