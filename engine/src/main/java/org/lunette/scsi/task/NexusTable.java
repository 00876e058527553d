package org.lunette.scsi.task;

import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.lunette.command.Nexus;

/** The nexuses of one logical unit, and the way to raise unit attentions for them. Any thread may call. */
public final class NexusTable {
    private final Map<Nexus, NexusState> states = new ConcurrentHashMap<>();
    private final Set<UnitAttention> raisedByTransport;

    /** A table whose transport raises some conditions itself: {@link #raise} leaves these to it. */
    public NexusTable(Set<UnitAttention> raisedByTransport) {
        EnumSet<UnitAttention> copy = EnumSet.noneOf(UnitAttention.class);
        copy.addAll(raisedByTransport);
        this.raisedByTransport = Collections.unmodifiableSet(copy);
    }

    /** Adds a nexus, for which the unit has just powered on. One that is there stays as it is. */
    public void establish(Nexus nexus) {
        NexusState state = new NexusState(nexus, this);
        if (states.putIfAbsent(nexus, state) == null && !raisedByTransport.contains(UnitAttention.POWER_ON_OR_RESET)) {
            state.attentions().add(UnitAttention.POWER_ON_OR_RESET);
        }
    }

    /** How many nexuses there are; a moment's view. */
    public int count() {
        return states.size();
    }

    /** Forgets a nexus. */
    public void lose(Nexus nexus) {
        NexusState state = states.remove(nexus);
        if (state != null) {
            state.lose();
        }
    }

    /**
     * The state of a nexus.
     *
     * @throws IllegalStateException if it was never established, or is lost
     */
    public NexusState of(Nexus nexus) {
        NexusState state = states.get(nexus);
        if (state == null) {
            throw new IllegalStateException("a command of a nexus that is not established: " + nexus);
        }
        return state;
    }

    /** The nexuses that are there; a moment's view. */
    public List<Nexus> nexuses() {
        return List.copyOf(states.keySet());
    }

    /** Ends a unit attention condition of a nexus, which learned of it otherwise. */
    public void clear(UnitAttention attention, Nexus nexus) {
        NexusState state = states.get(nexus);
        if (state != null) {
            state.attentions().take(attention.bit());
        }
    }

    /** Whether some nexus prevents the medium's removal. */
    public boolean removalPrevented() {
        return states.values().stream().anyMatch(NexusState::preventsRemoval);
    }

    /** As far as the nexuses in a scope are concerned, the medium may be removed. */
    public void allowRemoval(NexusScope scope) {
        states.values().stream()
                .filter(state -> scope.includes(state.nexus()))
                .forEach(state -> state.preventRemoval(false));
    }

    /** Makes a unit attention pending for every nexus in a scope. */
    public void raise(UnitAttention attention, NexusScope scope) {
        if (raisedByTransport.contains(attention)) {
            return;
        }
        for (NexusState state : states.values()) {
            if (scope.includes(state.nexus())) {
                state.attentions().add(attention);
            }
        }
    }
}
