package org.lunette.app;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.lunette.admin.RefusalException;
import org.lunette.scsi.path.AccessState;
import org.lunette.scsi.path.PortGroup;
import org.lunette.scsi.path.TargetPortGroups;

/** Changes the asymmetric access state of a target port group, of all devices or of one. */
final class AluaSetVerb implements Verb {
    private static final String GROUP = "group";
    private static final String STATE = "state";
    private static final String DEVICE = "device";
    private static final long TIMEOUT_MS = TimeUnit.SECONDS.toMillis(TargetPortGroups.TRANSITION_TIME_S);

    private final List<Unit> units;

    AluaSetVerb(List<Unit> units) {
        this.units = units;
    }

    @Override
    public String name() {
        return "alua-set";
    }

    @Override
    public Set<String> arguments() {
        return Set.of(GROUP, STATE, DEVICE);
    }

    @Override
    public Object perform(Map<String, String> arguments) throws RefusalException {
        AccessState state = state(Verbs.required(arguments, STATE));
        String device = arguments.get(DEVICE);
        List<Unit> chosen = device == null ? units : List.of(Verbs.unit(units, device));
        int tag = tag(chosen, Verbs.required(arguments, GROUP));
        Map<String, CompletableFuture<Boolean>> changes = new LinkedHashMap<>();
        for (Unit unit : chosen) {
            changes.put(unit.unit().name(), change(unit, tag, state));
        }
        List<String> unchanged = changes.entrySet().stream()
                .filter(change -> !change.getValue().join())
                .map(Map.Entry::getKey)
                .toList();
        if (!unchanged.isEmpty()) {
            throw new RefusalException("group " + tag + " does not become " + state.word() + " for " + unchanged
                    + ": commands under way by it have not ended, or another change is under way");
        }
        return Map.of(GROUP, tag, STATE, state.word(), "devices", changes.keySet());
    }

    /** All devices are asked before one is waited for: their paths are to change together. */
    private static CompletableFuture<Boolean> change(Unit unit, int tag, AccessState state) {
        try {
            return unit.unit().portGroups().set(tag, state, TIMEOUT_MS);
        } catch (IllegalStateException e) { // another change is under way
            return CompletableFuture.completedFuture(false);
        }
    }

    private static AccessState state(String word) throws RefusalException {
        return AccessState.ofWord(word)
                .orElseThrow(() -> new RefusalException("'" + word + "' is no state; there are "
                        + Arrays.stream(AccessState.values())
                                .filter(state -> state != AccessState.TRANSITIONING)
                                .map(AccessState::word)
                                .toList()));
    }

    private static int tag(List<Unit> units, String group) throws RefusalException {
        for (Unit unit : units) {
            List<Integer> tags =
                    unit.unit().portGroups().all().stream().map(PortGroup::tag).toList();
            if (tags.stream().noneMatch(tag -> group.equals(tag.toString()))) {
                throw new RefusalException(
                        tags.isEmpty()
                                ? AluaShowVerb.NOT_OURS
                                : "there is no target port group " + group + "; there are " + tags);
            }
        }
        return Integer.parseInt(group);
    }
}
