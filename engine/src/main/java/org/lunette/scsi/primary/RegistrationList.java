package org.lunette.scsi.primary;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.lunette.command.Nexus;
import org.lunette.scsi.path.TargetPort;
import org.lunette.scsi.path.TargetPorts;
import org.lunette.scsi.task.NexusTable;
import org.lunette.scsi.task.Task;

/**
 * Parameter lists of PERSISTENT RESERVE OUT, and the nexuses that they name; SPC-5, 6.17.3 and 6.17.4. An initiator
 * device, which TransportIDs of format 00b name, is all of its ports that are connected.
 */
final class RegistrationList {
    static final int MAX_BYTES = 64 * 1024;
    static final int BASIC_BYTES = 24;
    static final int KEY = 0;
    static final int ACTION_KEY = 8;
    static final int FLAGS = 20;
    static final int MOVE_FLAGS = 17;
    static final int APTPL = 0x01;
    static final int ALL_TG_PT = 0x04;
    static final int SPEC_I_PT = 0x08;
    static final int SPEC_I_PT_BIT = 3;
    static final int MOVE_TRANSPORT_ID = 24;

    private static final int IDS_LENGTH = 24;
    private static final int IDS = 28;
    private static final int MOVE_PORT = 18;
    private static final int MOVE_LENGTH = 20;

    private final TargetPorts ports;
    private final NexusTable nexuses;

    RegistrationList(TargetPorts ports, NexusTable nexuses) {
        this.ports = ports;
        this.nexuses = nexuses;
    }

    /** A command's parameter list of at least so many bytes; null if it is in error, and the task has ended. */
    static ByteBuffer read(Task task, int leastBytes) {
        long lengthBytes = task.command().cdb32(5);
        if (lengthBytes < leastBytes || lengthBytes > MAX_BYTES) {
            task.parameterListTooShort();
            return null;
        }
        byte[] list = new byte[(int) lengthBytes];
        task.command().setTransferBytes(lengthBytes);
        if (task.command().dataOut(list, list.length) < list.length) {
            task.parameterListTooShort();
            return null;
        }
        return ByteBuffer.wrap(list);
    }

    /** Whether a list that registers is as long as it says. */
    static boolean hasItsLength(ByteBuffer list) {
        if ((list.get(FLAGS) & SPEC_I_PT) == 0) {
            return list.limit() == BASIC_BYTES;
        }
        return list.limit() >= IDS && (list.getInt(IDS_LENGTH) & 0xffff_ffffL) == list.limit() - IDS;
    }

    /** Whether a list that moves is as long as it says. */
    static boolean hasItsMoveLength(ByteBuffer list) {
        return (list.getInt(MOVE_LENGTH) & 0xffff_ffffL) == list.limit() - MOVE_TRANSPORT_ID;
    }

    /** The same initiator port by the target ports other than the nexus's own, where ALL_TG_PT means them. */
    List<Nexus> otherPorts(ByteBuffer list, Nexus nexus) {
        List<Nexus> others = new ArrayList<>();
        if ((list.get(FLAGS) & ALL_TG_PT) != 0) {
            for (TargetPort port : ports.all()) {
                if (!port.name().equals(nexus.targetPort())) {
                    others.add(new Nexus(nexus.initiatorPort(), port.name(), port.relativeIdentifier()));
                }
            }
        }
        return others;
    }

    /** What SPEC_I_PT names; null if it is 0. */
    List<Nexus> specified(ByteBuffer list, Nexus nexus) throws InvalidParameter {
        if ((list.get(FLAGS) & SPEC_I_PT) == 0) {
            return null;
        }
        Set<String> initiatorPorts = new LinkedHashSet<>();
        for (int at = IDS; at < list.limit(); ) {
            TransportId id = TransportId.read(list, at);
            initiatorPorts.addAll(portsOf(id, at));
            at += id.lengthBytes();
        }
        List<Nexus> specified = new ArrayList<>();
        for (String port : initiatorPorts) {
            Nexus one = new Nexus(port, nexus.targetPort(), nexus.relativeTargetPort());
            specified.add(one);
            specified.addAll(otherPorts(list, one));
        }
        return specified;
    }

    private Set<String> portsOf(TransportId id, int at) throws InvalidParameter {
        if (id.ofPort()) {
            return Set.of(id.name());
        }
        Set<String> known = new LinkedHashSet<>();
        for (Nexus nexus : nexuses.nexuses()) {
            if (id.means(nexus.initiatorPort())) {
                known.add(nexus.initiatorPort());
            }
        }
        if (known.isEmpty()) {
            throw new InvalidParameter(at + 4, -1);
        }
        return known;
    }

    /** The nexus that REGISTER AND MOVE moves to. */
    Nexus destination(ByteBuffer list, Nexus nexus) throws InvalidParameter {
        TransportId id = TransportId.read(list, MOVE_TRANSPORT_ID);
        if (id.lengthBytes() != list.limit() - MOVE_TRANSPORT_ID) {
            throw new InvalidParameter(MOVE_TRANSPORT_ID + 2, -1);
        }
        Set<String> initiatorPorts = portsOf(id, MOVE_TRANSPORT_ID);
        if (initiatorPorts.size() > 1) {
            throw new InvalidParameter(MOVE_TRANSPORT_ID + 4, -1);
        }
        String initiatorPort = initiatorPorts.iterator().next();
        int relativeIdentifier = list.getShort(MOVE_PORT) & 0xffff;
        if (relativeIdentifier == nexus.relativeTargetPort()) {
            return new Nexus(initiatorPort, nexus.targetPort(), relativeIdentifier);
        }
        for (TargetPort port : ports.all()) {
            if (port.relativeIdentifier() == relativeIdentifier) {
                return new Nexus(initiatorPort, port.name(), relativeIdentifier);
            }
        }
        throw new InvalidParameter(MOVE_PORT, -1);
    }
}
