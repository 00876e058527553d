package org.lunette.scsi.primary;

import java.util.List;
import org.lunette.command.Command;
import org.lunette.command.Nexus;
import org.lunette.scsi.page.PageBuffer;
import org.lunette.scsi.path.AccessState;
import org.lunette.scsi.path.PathNeed;
import org.lunette.scsi.path.PortGroup;
import org.lunette.scsi.path.TargetPort;
import org.lunette.scsi.path.TargetPortGroups;
import org.lunette.scsi.table.Opcode;
import org.lunette.scsi.table.OpcodeTable;
import org.lunette.scsi.task.Task;

/** REPORT TARGET PORT GROUPS; SPC-5. A port that nobody told of is a group of its own, in which the unit is active. */
public final class ReportTargetPortGroups implements OpcodeTable.Source {
    /** The TARGET PORT GROUP of a port that nobody told of. */
    static final int LONE_GROUP = 1;

    private static final int EXTENDED_HEADER = 0x20;
    private static final int OTHER_FORMATS = 0xc0;
    private static final int EXTENDED_FORMAT = 0x10;
    private static final int PREF = 0x80;
    private static final int AO_SUP = 0x01;

    private final TargetPortGroups groups;

    public ReportTargetPortGroups(TargetPortGroups groups) {
        this.groups = groups;
    }

    @Override
    public void declare(List<Opcode> commands) {
        commands.add(Opcode.named("REPORT TARGET PORT GROUPS", "a3 2a 00 00 00 00 ff ff ff ff 00 00")
                .withServiceAction()
                .refuse(1, OTHER_FORMATS)
                .length(6, 4)
                .needs(PathNeed.NONE)
                .handledBy(this::report));
    }

    private void report(Task task) {
        Command command = task.command();
        List<PortGroup> known = groups.all();
        boolean changeable = !known.isEmpty();
        PageBuffer data = new PageBuffer().zeros(4);
        if ((command.cdb8(1) & EXTENDED_HEADER) != 0) {
            int transitionTimeS = changeable ? TargetPortGroups.TRANSITION_TIME_S : 0;
            data.put8(EXTENDED_FORMAT).put8(transitionTimeS).zeros(2);
        }
        for (PortGroup group : changeable ? known : lone(command.nexus())) {
            data.put8((group.preferred() ? PREF : 0) | group.state().code())
                    .put8(changeable ? AccessState.ALL_SUPPORTED : AO_SUP)
                    .put16(group.tag())
                    .put8(0)
                    .put8(group.cause().ordinal())
                    .put8(0)
                    .put8(group.ports().size());
            for (TargetPort port : group.ports()) {
                data.zeros(2).put16(port.relativeIdentifier());
            }
        }
        data.set32(0, data.length() - 4);
        task.good(data.array(), data.length(), command.cdb32(6));
    }

    private static List<PortGroup> lone(Nexus nexus) {
        if (nexus.relativeTargetPort() <= 0) {
            return List.of();
        }
        TargetPort port = new TargetPort(nexus.targetPort(), nexus.relativeTargetPort(), LONE_GROUP);
        return List.of(
                new PortGroup(LONE_GROUP, AccessState.ACTIVE_OPTIMIZED, false, PortGroup.Cause.NONE, List.of(port)));
    }
}
