package org.lunette.scsi.copy;

import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.lunette.command.Nexus;

/**
 * The copies of one logical unit by nexus and list identifier, while they last and after. For each nexus a bounded
 * number: of those that have ended, the eldest goes first. Any thread may call.
 */
final class CopyResults {
    /** What became of an attempt to {@link #enter}. */
    enum Entry {
        ENTERED,
        /** The list identifier is that of a copy under way. */
        IN_USE,
        /** As many copies as there may be are under way. */
        FULL
    }

    private final Map<Nexus, Map<ListIdentifier, CopyOperation>> byNexus = new HashMap<>();

    /** Enters a copy that begins; it replaces one of the same identifier that has ended. */
    synchronized Entry enter(CopyOperation operation) {
        Map<ListIdentifier, CopyOperation> own =
                byNexus.computeIfAbsent(operation.nexus(), nexus -> new LinkedHashMap<>());
        CopyOperation before = own.get(operation.id());
        if (before != null && before.isUnderWay()) {
            return Entry.IN_USE;
        }
        own.remove(operation.id());
        if (own.size() == CopyLimits.MAX_RESULTS && !dropEldest(own.values())) {
            return Entry.FULL;
        }
        own.put(operation.id(), operation);
        return Entry.ENTERED;
    }

    private static boolean dropEldest(Collection<CopyOperation> all) {
        Iterator<CopyOperation> eldestFirst = all.iterator();
        while (eldestFirst.hasNext()) {
            if (!eldestFirst.next().isUnderWay()) {
                eldestFirst.remove();
                return true;
            }
        }
        return false;
    }

    /** A copy of that nexus and identifier; null if there is none. */
    synchronized CopyOperation find(Nexus nexus, ListIdentifier id) {
        return byNexus.getOrDefault(nexus, Map.of()).get(id);
    }

    /** Forgets a copy: its results are not wanted, or it did not begin. */
    synchronized void remove(CopyOperation operation) {
        Map<ListIdentifier, CopyOperation> own = byNexus.get(operation.nexus());
        if (own != null) {
            own.remove(operation.id(), operation);
        }
    }

    /** A nexus is lost: its copies end, and nobody will ask for their results. */
    synchronized void forget(Nexus nexus) {
        Map<ListIdentifier, CopyOperation> own = byNexus.remove(nexus);
        if (own != null) {
            own.values().forEach(CopyOperation::cancel);
        }
    }

    /** A reset: all copies end, and results are gone. */
    synchronized void reset() {
        byNexus.keySet().stream().toList().forEach(this::forget);
    }
}
