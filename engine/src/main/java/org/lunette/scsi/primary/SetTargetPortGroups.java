package org.lunette.scsi.primary;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.lunette.command.AdditionalSense;
import org.lunette.command.Command;
import org.lunette.command.SenseKey;
import org.lunette.scsi.path.AccessState;
import org.lunette.scsi.path.PathNeed;
import org.lunette.scsi.path.PortGroup;
import org.lunette.scsi.path.TargetPort;
import org.lunette.scsi.path.TargetPortGroups;
import org.lunette.scsi.reservation.Access;
import org.lunette.scsi.table.Opcode;
import org.lunette.scsi.table.OpcodeTable;
import org.lunette.scsi.task.Task;

/**
 * SET TARGET PORT GROUPS; SPC-5. Ends when the states are the wanted ones. All descriptors count, or none: each is
 * checked before the first state changes.
 */
public final class SetTargetPortGroups implements OpcodeTable.Source {
    /** The most descriptors of one command; more would name a group twice in any setting that makes sense. */
    static final int MAX_DESCRIPTORS = 256;

    private static final int HEADER_BYTES = 4;
    private static final int DESCRIPTOR_BYTES = 4;
    private static final int STATE_BITS = 0x0f;
    private static final int LENGTH_OFFSET = 6;
    private static final int GROUP_OR_PORT_OFFSET = 2;

    private final TargetPortGroups groups;

    public SetTargetPortGroups(TargetPortGroups groups) {
        this.groups = groups;
    }

    @Override
    public void declare(List<Opcode> commands) {
        commands.add(Opcode.named("SET TARGET PORT GROUPS", "a4 0a 00 00 00 00 ff ff ff ff 00 00")
                .withServiceAction()
                .access(Access.WRITE)
                .dataOut()
                .length(LENGTH_OFFSET, 4)
                .needs(PathNeed.SETTLED)
                .timeoutS(2 * TargetPortGroups.TRANSITION_TIME_S)
                .handledBy(this::set));
    }

    private void set(Task task) {
        Command command = task.command();
        long lengthBytes = command.cdb32(LENGTH_OFFSET);
        command.setTransferBytes(lengthBytes);
        if (lengthBytes == 0) {
            task.good();
            return;
        }
        long descriptorBytes = lengthBytes - HEADER_BYTES;
        if (descriptorBytes < DESCRIPTOR_BYTES
                || descriptorBytes % DESCRIPTOR_BYTES != 0
                || descriptorBytes > MAX_DESCRIPTORS * DESCRIPTOR_BYTES) {
            task.invalidCdb(LENGTH_OFFSET, -1);
            return;
        }
        byte[] list = new byte[(int) lengthBytes];
        if (command.dataOut(list, list.length) < list.length) {
            task.parameterListTooShort();
            return;
        }
        Map<Integer, AccessState> wanted = wanted(task, ByteBuffer.wrap(list));
        if (wanted == null || task.endedByAbort()) {
            return;
        }
        if (!groups.setExplicitly(wanted, command, success -> changed(task, success))) {
            task.fail(SenseKey.NOT_READY, AdditionalSense.LOGICAL_UNIT_NOT_READY_ASYMMETRIC_ACCESS_STATE_TRANSITION);
        }
    }

    private static void changed(Task task, boolean success) {
        if (task.endedByAbort()) {
            return;
        }
        if (success) {
            task.good();
        } else {
            task.fail(SenseKey.HARDWARE_ERROR, AdditionalSense.SET_TARGET_PORT_GROUPS_COMMAND_FAILED);
        }
    }

    /** What the descriptors ask for, by groups; null if one of them is wrong, and the task has ended. */
    private Map<Integer, AccessState> wanted(Task task, ByteBuffer list) {
        List<PortGroup> known = groups.all();
        Map<Integer, AccessState> wanted = new HashMap<>();
        for (int at = HEADER_BYTES; at < list.capacity(); at += DESCRIPTOR_BYTES) {
            Optional<AccessState> state = AccessState.ofCode(list.get(at) & STATE_BITS);
            if (state.isEmpty()) {
                task.invalidParameter(at, 3);
                return null;
            }
            int groupOrPort = list.getShort(at + GROUP_OR_PORT_OFFSET) & 0xffff;
            Optional<PortGroup> group = known.stream()
                    .filter(each -> state.get() == AccessState.OFFLINE
                            ? isOnlyPort(each, groupOrPort)
                            : each.tag() == groupOrPort)
                    .findFirst();
            if (group.isEmpty() || wanted.put(group.get().tag(), state.get()) != null) {
                task.invalidParameter(at + GROUP_OR_PORT_OFFSET, -1);
                return null;
            }
        }
        return wanted;
    }

    /** Offline is asked for port by port; a group goes with its only one. */
    private static boolean isOnlyPort(PortGroup group, int relativeIdentifier) {
        List<TargetPort> ports = group.ports();
        return ports.size() == 1 && ports.get(0).relativeIdentifier() == relativeIdentifier;
    }
}
