package org.lunette.scsi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.lunette.command.AdditionalSense;
import org.lunette.command.ScsiStatus;
import org.lunette.command.SenseKey;
import org.lunette.scsi.unit.LogicalUnit;

/** What clusters do with reservations of the disks that they share, by two and three nodes. */
class ClusterTest {
    private static final int REGISTER = 0;
    private static final int RESERVE = 1;
    private static final int RELEASE = 2;
    private static final int CLEAR = 3;
    private static final int PREEMPT = 4;
    private static final int PREEMPT_AND_ABORT = 5;
    private static final int REGISTER_AND_IGNORE = 6;
    private static final int WRITE_EXCLUSIVE_REGISTRANTS_ONLY = 5;
    private static final int WRITE_EXCLUSIVE_ALL_REGISTRANTS = 7;

    /** A disk, and the nodes' nexuses to it. */
    private record Disk(LogicalUnit unit, List<Initiator> nodes) {}

    private static Disk disk(int number, int nodes) {
        LogicalUnit unit =
                LogicalUnit.builder("disk" + number, FakeStore.ofBlocks(64)).build();
        List<Initiator> initiators = new ArrayList<>();
        for (int node = 0; node < nodes; node++) {
            initiators.add(Initiator.ready(unit, "node" + node + "-" + number));
        }
        return new Disk(unit, initiators);
    }

    private static long key(int node) {
        return 0x7466734d_00000000L + node;
    }

    private static Reply out(Initiator node, int action, int type, long key, long actionKey) {
        return node.out(Cdb.reserveOut(action, type), Cdb.keys(key, actionKey));
    }

    private static void conflict(Reply reply) {
        reply.is(ScsiStatus.RESERVATION_CONFLICT);
    }

    private static Reply write(Initiator node) {
        return node.out(Cdb.write(0, 1), new byte[512]);
    }

    private static void reservedBy(Initiator reader, long key, int type) {
        Reply reply = reader.in(Cdb.reserveIn(1, 255), 255).good();
        assertEquals(16, reply.u32(4), "ADDITIONAL LENGTH");
        assertEquals(key, reply.u64(8));
        assertEquals(type, reply.u8(21), "SCOPE and TYPE");
    }

    private static List<Long> keys(Initiator reader) {
        Reply reply = reader.in(Cdb.reserveIn(0, 4096), 4096).good();
        List<Long> keys = new ArrayList<>();
        for (int at = 8; at < reply.data().length; at += 8) {
            keys.add(reply.u64(at));
        }
        return keys;
    }

    // ---- validation of a Windows failover cluster: all nodes, all disks ----

    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void validationOfEveryNodeOnEveryDisk(int nodes) {
        for (int number = 0; number < 3; number++) {
            Disk disk = disk(number, nodes);
            for (int node = 0; node < nodes; node++) {
                for (int other = 0; other < nodes; other++) {
                    if (other != node) {
                        validate(disk, node, other);
                    }
                }
            }
        }
    }

    private static void validate(Disk disk, int node, int other) {
        int type = WRITE_EXCLUSIVE_REGISTRANTS_ONLY;
        Initiator owner = disk.nodes.get(node);
        Initiator rival = disk.nodes.get(other);
        out(owner, REGISTER_AND_IGNORE, 0, 0, 0).good(); // a key that an earlier run may have left
        assertEquals(List.of(), keys(owner));
        out(owner, REGISTER, 0, 0, key(node)).good();
        out(owner, RESERVE, type, key(node), 0).good();
        reservedBy(owner, key(node), type);
        reservedBy(rival, key(node), type);
        conflict(out(rival, RESERVE, type, key(other), 0));
        conflict(write(rival));
        conflict(out(rival, PREEMPT, type, key(other), key(node))); // not registered
        reservedBy(rival, key(node), type);
        out(rival, REGISTER_AND_IGNORE, 0, 0, key(other)).good();
        conflict(out(rival, RESERVE, type, key(other), 0));
        write(rival).good();
        out(rival, PREEMPT, type, key(other), key(node)).good();
        owner.none(Cdb.testUnitReady()).check(SenseKey.UNIT_ATTENTION, AdditionalSense.REGISTRATIONS_PREEMPTED);
        reservedBy(owner, key(other), type);
        conflict(write(owner));
        conflict(out(owner, RELEASE, type, key(node), 0));
        out(rival, RELEASE, type, key(other), 0).good();
        assertEquals(0, rival.in(Cdb.reserveIn(1, 255), 255).good().u32(4));
        write(owner).good();
        out(rival, REGISTER, 0, key(other), 0).good();
        assertEquals(List.of(), keys(owner));
        disk.nodes.forEach(one -> assertEquals(0, one.takeAttentions()));
    }

    /** The owner registers again every three seconds, and a challenger that waits longer finds its key gone or not. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void theOwnerThatIsAliveKeepsTheDisk(boolean alive) {
        int type = WRITE_EXCLUSIVE_REGISTRANTS_ONLY;
        Disk disk = disk(0, 2);
        Initiator owner = disk.nodes.get(0);
        Initiator challenger = disk.nodes.get(1);
        out(owner, REGISTER_AND_IGNORE, 0, 0, key(0)).good();
        out(owner, RESERVE, type, key(0), 0).good();
        out(challenger, REGISTER_AND_IGNORE, 0, 0, key(1)).good();
        assertEquals(List.of(key(0), key(1)), keys(challenger));
        if (alive) {
            out(owner, PREEMPT, type, key(0), key(1)).good(); // the challenger's key is scrubbed
            challenger
                    .none(Cdb.testUnitReady())
                    .check(SenseKey.UNIT_ATTENTION, AdditionalSense.REGISTRATIONS_PREEMPTED);
            conflict(out(challenger, PREEMPT, type, key(1), key(0)));
            reservedBy(challenger, key(0), type);
            conflict(write(challenger));
            write(owner).good();
        } else {
            owner.close();
            out(challenger, PREEMPT, type, key(1), key(0)).good();
            reservedBy(challenger, key(1), type);
            assertEquals(List.of(key(1)), keys(challenger));
            write(challenger).good();
            Initiator back = Initiator.ready(disk.unit, "node0-0");
            conflict(write(back));
        }
    }

    // ---- fence_scsi: on every node's start, and when one is fenced ----

    @Test
    void aFencedNodeWritesNoMore() {
        int type = WRITE_EXCLUSIVE_REGISTRANTS_ONLY;
        Disk disk = disk(0, 3);
        for (int node = 0; node < 3; node++) {
            Initiator one = disk.nodes.get(node);
            out(one, REGISTER_AND_IGNORE, 0, 0, key(node)).good();
            if (one.in(Cdb.reserveIn(1, 255), 255).good().u32(4) == 0) {
                out(one, RESERVE, type, key(node), 0).good();
            }
        }
        disk.nodes.forEach(one -> write(one).good());
        out(disk.nodes.get(1), PREEMPT_AND_ABORT, type, key(1), key(0)).good(); // it holds the reservation
        reservedBy(disk.nodes.get(2), key(1), type);
        assertEquals(List.of(key(1), key(2)), keys(disk.nodes.get(1)));
        assertTrue(disk.nodes.get(0).takeAttentions() > 0);
        conflict(write(disk.nodes.get(0)));
        out(disk.nodes.get(1), PREEMPT_AND_ABORT, type, key(1), key(2)).good(); // it does not
        reservedBy(disk.nodes.get(1), key(1), type);
        assertTrue(disk.nodes.get(2).takeAttentions() > 0);
        conflict(write(disk.nodes.get(2)));
        write(disk.nodes.get(1)).good();
        out(disk.nodes.get(0), REGISTER_AND_IGNORE, 0, 0, key(0)).good(); // unfenced when it starts again
        write(disk.nodes.get(0)).good();
        out(disk.nodes.get(1), CLEAR, 0, key(1), 0).good();
        assertEquals(List.of(), keys(disk.nodes.get(2)));
    }

    // ---- a virtual disk that ESXi hosts share ----

    @Test
    void everyHostThatIsRegisteredHoldsTheReservation() {
        int type = WRITE_EXCLUSIVE_ALL_REGISTRANTS;
        Disk disk = disk(0, 3);
        for (int node = 0; node < 2; node++) {
            out(disk.nodes.get(node), REGISTER_AND_IGNORE, 0, 0, key(node)).good();
            out(disk.nodes.get(node), RESERVE, type, key(node), 0).good();
        }
        reservedBy(disk.nodes.get(2), 0, type);
        write(disk.nodes.get(0)).good();
        write(disk.nodes.get(1)).good();
        conflict(write(disk.nodes.get(2)));
        disk.nodes.get(2).in(Cdb.read(0, 1), 512).good();
        out(disk.nodes.get(0), REGISTER, 0, key(0), 0).good();
        reservedBy(disk.nodes.get(2), 0, type);
        conflict(write(disk.nodes.get(0)));
        out(disk.nodes.get(2), REGISTER, 0, 0, key(2)).good();
        out(disk.nodes.get(2), PREEMPT, type, key(2), key(1)).good();
        reservedBy(disk.nodes.get(2), 0, type);
        assertEquals(List.of(key(2)), keys(disk.nodes.get(0)));
        out(disk.nodes.get(2), RELEASE, type, key(2), 0).good();
        write(disk.nodes.get(0)).good();
    }
}
