package org.lunette.app;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.lunette.admin.RefusalException;
import org.lunette.store.ByteSize;
import org.lunette.store.StoreException;

/** Gives a device another size while it is in use. */
final class ResizeVerb implements Verb {
    private static final String NAME = "name";
    private static final String SIZE = "size";
    private static final String FORCE = "force";

    private final List<Unit> units;
    private final Capacities capacities;

    /** The result. */
    record Resized(String name, long sizeBytes, String size) {}

    ResizeVerb(List<Unit> units, Capacities capacities) {
        this.units = units;
        this.capacities = capacities;
    }

    @Override
    public String name() {
        return "resize";
    }

    /** The size may be left out: then it is that of the file or device below. */
    @Override
    public Set<String> arguments() {
        return Set.of(NAME, SIZE, FORCE);
    }

    @Override
    public Object perform(Map<String, String> arguments) throws RefusalException {
        Unit unit = Verbs.unit(units, Verbs.required(arguments, NAME));
        Capacity capacity = capacities.of(unit);
        String name = unit.unit().name();
        try {
            String size = arguments.get(SIZE);
            long belowBytes = capacity.belowBytes();
            long bytes = size == null ? belowBytes : ByteSize.parse(size);
            long hasBytes = Math.max(capacity.bytes(), belowBytes); // it may have grown a moment ago
            if (bytes < hasBytes && !Boolean.parseBoolean(arguments.get(FORCE))) {
                throw new RefusalException(name + ": " + ByteSize.format(bytes) + " is less than the "
                        + ByteSize.format(hasBytes)
                        + " that it has: what is beyond would be lost. First make what initiators have on it"
                        + " smaller; then --force does it");
            }
            capacity.resize(bytes);
        } catch (StoreException e) {
            throw new RefusalException(name + ": " + e.getMessage(), e);
        }
        long sizeBytes = capacity.bytes();
        return new Resized(name, sizeBytes, ByteSize.format(sizeBytes));
    }
}
