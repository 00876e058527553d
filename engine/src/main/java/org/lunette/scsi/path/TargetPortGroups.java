package org.lunette.scsi.path;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.lunette.command.Command;
import org.lunette.command.Nexus;
import org.lunette.scsi.path.PortGroup.Cause;

/**
 * The target port groups of one logical unit and their asymmetric access states; SPC-5, 5.15.2. Gone with the process:
 * at the next start the states are the administrator's again, which is a change that the target may make by itself.
 *
 * <p>Any thread may call. One change is under way at a time. A group that the medium will not be reached by any more is
 * transitioning until the commands that came by it have ended; so nobody writes by a path that is reported as closed.
 */
public final class TargetPortGroups {
    /** How long a change may take, unless it is said; also the IMPLICIT TRANSITION TIME. */
    public static final int TRANSITION_TIME_S = 30;

    private record Condition(AccessState state, boolean preferred, Cause cause) {
        private static final Condition FIRST = new Condition(AccessState.ACTIVE_OPTIMIZED, false, Cause.NONE);

        Condition with(AccessState other) {
            return new Condition(other, preferred, cause);
        }

        Condition by(Cause other) {
            return new Condition(state, preferred, other);
        }
    }

    private final TargetPorts ports;
    private final PathUsers users;
    private final Map<Integer, Condition> conditions = new HashMap<>();
    private boolean changing;
    /** By relative target port identifier, copied when changed; null while every group is active/optimized. */
    private volatile AccessState[] byPort;

    /**
     * Groups as the ports make them up.
     *
     * @param states the states at first; a group that is not among them is active/optimized
     */
    public TargetPortGroups(TargetPorts ports, Map<Integer, AccessState> states, PathUsers users) {
        this.ports = ports;
        this.users = users;
        states.forEach((tag, state) -> conditions.put(tag, Condition.FIRST.with(state)));
        publish();
    }

    // ---- the state now ----

    /** The state of the port by which a nexus comes; active/optimized where the port is not known. */
    public AccessState stateFor(Nexus nexus) {
        AccessState[] states = byPort;
        if (states == null) {
            return AccessState.ACTIVE_OPTIMIZED;
        }
        int port = nexus.relativeTargetPort();
        AccessState state = port >= 0 && port < states.length ? states[port] : null;
        return state == null ? AccessState.ACTIVE_OPTIMIZED : state;
    }

    /** All groups, by their tags. */
    public synchronized List<PortGroup> all() {
        List<PortGroup> groups = new ArrayList<>();
        members().forEach((tag, members) -> {
            Condition condition = condition(tag);
            groups.add(new PortGroup(tag, condition.state(), condition.preferred(), condition.cause(), members));
        });
        return groups;
    }

    private Map<Integer, List<TargetPort>> members() {
        Map<Integer, List<TargetPort>> members = new TreeMap<>();
        for (TargetPort port : ports.all()) {
            members.computeIfAbsent(port.group(), tag -> new ArrayList<>()).add(port);
        }
        return members;
    }

    private Condition condition(int tag) {
        return conditions.getOrDefault(tag, Condition.FIRST);
    }

    private void publish() {
        if (conditions.values().stream().allMatch(condition -> condition.state() == AccessState.ACTIVE_OPTIMIZED)) {
            byPort = null;
            return;
        }
        List<TargetPort> known = ports.all();
        int highest =
                known.stream().mapToInt(TargetPort::relativeIdentifier).max().orElse(0);
        AccessState[] states = new AccessState[highest + 1];
        for (TargetPort port : known) {
            states[port.relativeIdentifier()] = condition(port.group()).state();
        }
        byPort = states;
    }

    // ---- changes ----

    /**
     * Says whether a group is preferred.
     *
     * @throws IllegalArgumentException if there is no such group
     */
    public synchronized void prefer(int tag, boolean preferred) {
        requireKnown(tag);
        Condition before = condition(tag);
        conditions.put(tag, new Condition(before.state(), preferred, before.cause()));
    }

    private void requireKnown(int tag) {
        if (!members().containsKey(tag)) {
            throw new IllegalArgumentException("there is no target port group " + tag + ", but "
                    + members().keySet());
        }
    }

    /**
     * Changes the state of a group on behalf of the administrator. Every nexus is told, of a failure too.
     *
     * @param timeoutMs how long to wait for commands that came by the group; then the change has failed, and the state
     *     is the former one again
     * @return completed with whether the state is the new one; by the thread that ended the last of the commands
     * @throws IllegalArgumentException if there is no such group, or nothing can be put into that state
     * @throws IllegalStateException if another change is under way
     */
    public CompletableFuture<Boolean> set(int tag, AccessState state, long timeoutMs) {
        requireKnown(tag);
        if (state == AccessState.TRANSITIONING) {
            throw new IllegalArgumentException("a group is transitioning only on its way to another state");
        }
        CompletableFuture<Boolean> result = new CompletableFuture<>();
        Change change = new Change(Map.of(tag, state), null, null, result::complete);
        if (!change.begin(timeoutMs)) {
            throw new IllegalStateException("another change of access states is under way");
        }
        return result;
    }

    /**
     * Changes the states of groups for an initiator: SET TARGET PORT GROUPS. All other nexuses are told.
     *
     * @param wanted by tags, all of them known
     * @param by the command that asks for it, and that ends after the change
     * @param ended called once with whether the states are the wanted ones; not if false is returned
     * @return false if another change is under way: then nothing was done
     */
    public boolean setExplicitly(Map<Integer, AccessState> wanted, Command by, Consumer<Boolean> ended) {
        Change change = new Change(Map.copyOf(wanted), by, by.nexus(), ended);
        return change.begin(TimeUnit.SECONDS.toMillis(TRANSITION_TIME_S));
    }

    /** A change of states from its begin to its end. */
    private final class Change {
        private final Map<Integer, AccessState> wanted;
        private final Command command;
        private final Nexus nexus;
        private final Consumer<Boolean> ended;
        /** The groups that change, as they are before. */
        private final Map<Integer, Condition> before = new HashMap<>();

        Change(Map<Integer, AccessState> wanted, Command command, Nexus nexus, Consumer<Boolean> ended) {
            this.wanted = wanted;
            this.command = command;
            this.nexus = nexus;
            this.ended = ended;
        }

        boolean begin(long timeoutMs) {
            synchronized (TargetPortGroups.this) {
                if (changing) {
                    return false;
                }
                changing = true;
                wanted.forEach((tag, state) -> {
                    if (condition(tag).state() != state) {
                        before.put(tag, condition(tag));
                    }
                });
                before.forEach((tag, was) -> {
                    if (!wanted.get(tag).isActive()) {
                        conditions.put(tag, was.with(AccessState.TRANSITIONING));
                    }
                });
                publish();
            }
            CompletableFuture<Boolean> drained = new CompletableFuture<Boolean>();
            drained.thenAccept(this::end);
            users.whenEnded(this::mustEnd, command, () -> drained.complete(true));
            drained.completeOnTimeout(false, timeoutMs, TimeUnit.MILLISECONDS);
            return true;
        }

        /** Whether a command came by a group whose coming state does not let it through. */
        private boolean mustEnd(Nexus of, PathNeed need) {
            TargetPort port = ports.of(of);
            return port != null
                    && before.containsKey(port.group())
                    && !wanted.get(port.group()).satisfies(need);
        }

        private void end(boolean success) {
            Cause cause = command == null ? Cause.IMPLICIT : Cause.EXPLICIT;
            synchronized (TargetPortGroups.this) {
                before.forEach((tag, was) -> {
                    Condition now = condition(tag); // whether it is preferred may have changed
                    conditions.put(
                            tag,
                            success
                                    ? now.with(wanted.get(tag)).by(cause)
                                    : now.with(was.state()).by(was.cause()));
                });
                changing = false;
                publish();
            }
            if (success && !before.isEmpty()) {
                users.stateChanged(nexus);
            } else if (!success && command == null) {
                users.implicitTransitionFailed();
            }
            ended.accept(success);
        }
    }
}
