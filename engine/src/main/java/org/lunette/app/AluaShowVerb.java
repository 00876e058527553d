package org.lunette.app;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.lunette.admin.RefusalException;
import org.lunette.scsi.path.PortGroup;
import org.lunette.scsi.path.TargetPort;

/** Tells the asymmetric access states of target port groups. */
final class AluaShowVerb implements Verb {
    static final String NOT_OURS = "the target port groups of these devices are not this server's, but SCST's";

    private final List<Unit> units;

    /**
     * A group, as a device sees it.
     *
     * @param changedBy what brought the state about: nobody yet, an initiator, or the administrator
     */
    record Group(String device, int group, String state, boolean preferred, String changedBy, List<String> ports) {}

    AluaShowVerb(List<Unit> units) {
        this.units = units;
    }

    @Override
    public String name() {
        return "alua-show";
    }

    @Override
    public Set<String> arguments() {
        return Set.of();
    }

    @Override
    public Object perform(Map<String, String> arguments) throws RefusalException {
        List<Group> groups = new ArrayList<>();
        for (Unit unit : units) {
            for (PortGroup group : unit.unit().portGroups().all()) {
                groups.add(new Group(
                        unit.unit().name(),
                        group.tag(),
                        group.state().word(),
                        group.preferred(),
                        group.cause().name().toLowerCase(Locale.ROOT),
                        group.ports().stream().map(TargetPort::name).toList()));
            }
        }
        if (groups.isEmpty()) {
            throw new RefusalException(NOT_OURS);
        }
        return Map.of("groups", groups);
    }
}
