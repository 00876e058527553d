package org.lunette.scsi;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import org.lunette.store.KeptValues;
import org.lunette.store.StoreCompletion;
import org.lunette.store.StoreStatus;

/** Kept values in a map, for tests: outlive a unit, fail or wait where told to. */
final class FakeKeptValues implements KeptValues {
    final Map<String, byte[]> values = new HashMap<>();
    private final Queue<Runnable> held = new ArrayDeque<>();
    private StoreStatus outcome = StoreStatus.OK;
    private boolean holding;
    private boolean writesOnce;

    void endWith(StoreStatus status) {
        outcome = status;
    }

    /** The next save writes, whatever is told of it. */
    void writeOnce() {
        writesOnce = true;
    }

    void hold() {
        holding = true;
    }

    void release() {
        holding = false;
        held.forEach(Runnable::run);
        held.clear();
    }

    @Override
    public boolean keeps() {
        return true;
    }

    @Override
    public byte[] load(String name) {
        return values.get(name);
    }

    @Override
    public void save(String name, byte[] value, StoreCompletion completion) {
        Runnable save = () -> {
            if (outcome == StoreStatus.OK || writesOnce) {
                values.put(name, value);
            }
            writesOnce = false;
            completion.ended(outcome, -1);
        };
        if (holding) {
            held.add(save);
        } else {
            save.run();
        }
    }

    @Override
    public String place(String name) {
        return "the map's " + name;
    }
}
