package org.lunette.frontend.iscsi.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.lunette.command.Command;
import org.lunette.frontend.iscsi.pdu.Opcode;
import org.lunette.frontend.iscsi.pdu.ScsiCommand;
import org.lunette.frontend.iscsi.pdu.TaskManagementRequest;
import org.lunette.frontend.iscsi.pdu.TaskManagementResponse;
import org.lunette.scsi.Seed;

/** Writes on a slow device, aborted at random: after FUNCTION COMPLETE none of them changes a block any more. */
class WritesAfterAbortTest {
    private static final int STEPS = 4000;
    private static final int MAX_UNDER_WAY = 16;

    private final long seed = Seed.OF_THIS_RUN;
    private final Random random = new Random(seed);
    private final Bench bench = new Bench().loggedIn();
    /** By tag: the block that a write has for itself alone; until its status, or the answer to its abort. */
    private final Map<Integer, Integer> underWay = new HashMap<>();
    /** By the tag of a function that is not answered yet: the writes that it aborts. */
    private final Map<Integer, List<Integer>> functions = new HashMap<>();
    /** Blocks of writes that are over, with what was in them then. */
    private final Map<Integer, Byte> settled = new HashMap<>();

    private final Set<Integer> answers = new HashSet<>();
    private int blocks;

    @Test
    void noWriteComesAfterTheAnswerToItsAbort() {
        try {
            bench.device.holding = true;
            for (int i = 0; i < STEPS; i++) {
                step();
                takeAnswers();
            }
            while (bench.device.heldCount() > 0) {
                endOne();
                takeAnswers();
            }
            check();
            assertEquals(Map.of(), functions);
            assertTrue(answers.contains(TaskManagementResponse.FUNCTION_COMPLETE));
            assertTrue(answers.contains(TaskManagementResponse.FUNCTION_REJECTED));
        } catch (AssertionError | RuntimeException e) {
            throw new AssertionError("replay with -Dlunette.seed=" + seed, e);
        }
    }

    private void step() {
        switch (random.nextInt(8)) {
            case 0 -> abort(TaskManagementRequest.ABORT_TASK);
            case 1 -> abort(random.nextInt(4) == 0 ? TaskManagementRequest.ABORT_TASK_SET : 0);
            case 2 -> overdue();
            case 3, 4 -> endOne();
            default -> write();
        }
    }

    private void write() {
        if (underWay.size() < MAX_UNDER_WAY && bench.device.heldCount() < MAX_UNDER_WAY) {
            int block = blocks++;
            byte[] cdb = Initiator.cdb10(FakeDevice.WRITE_10, block, 1);
            ScsiCommand write = bench.initiator.command(0, cdb, FakeDevice.BLOCK_BYTES, true);
            byte[] data = new byte[FakeDevice.BLOCK_BYTES];
            data[0] = 1;
            underWay.put(write.initiatorTaskTag(), block);
            bench.initiator.send(write, data);
        }
    }

    private void abort(int function) {
        if (underWay.isEmpty() || function == 0) {
            return;
        }
        List<Integer> tags = new ArrayList<>(underWay.keySet());
        int one = tags.get(random.nextInt(tags.size()));
        List<Integer> aborted = function == TaskManagementRequest.ABORT_TASK ? List.of(one) : tags;
        TaskManagementRequest request = bench.initiator.taskManagement(function, 0, one);
        functions.put(request.initiatorTaskTag(), aborted);
        bench.initiator.send(request);
    }

    private void overdue() {
        if (bench.device.heldCount() > 0 && random.nextInt(4) == 0) {
            Command command = bench.device.held.get(random.nextInt(bench.device.heldCount()));
            command.overdue(command.use());
            bench.thread.run();
        }
    }

    /** The store has had one all the time, and does it, whatever was said of it. */
    private void endOne() {
        if (bench.device.heldCount() > 0) {
            bench.device.end(bench.device.held.remove(random.nextInt(bench.device.heldCount())));
            bench.thread.run();
        }
    }

    private void takeAnswers() {
        while (!bench.transport.sent.isEmpty()) {
            SentPdu pdu = bench.transport.next();
            int tag = pdu.pdu().initiatorTaskTag();
            if (pdu.opcode() == Opcode.SCSI_RESPONSE) {
                underWay.remove(tag);
            } else if (pdu.opcode() == Opcode.TASK_MANAGEMENT_RESPONSE) {
                int answer = pdu.taskManagement().response();
                answers.add(answer);
                answered(functions.remove(tag), answer == TaskManagementResponse.FUNCTION_COMPLETE);
            }
        }
        check();
    }

    private void answered(List<Integer> aborted, boolean complete) {
        for (int tag : aborted) {
            Integer block = underWay.remove(tag);
            if (block != null && complete) {
                settled.put(block, bench.device.disk[block * FakeDevice.BLOCK_BYTES]);
            }
        }
    }

    private void check() {
        settled.forEach((block, value) -> assertEquals(
                value, bench.device.disk[block * FakeDevice.BLOCK_BYTES], "block " + block + " was written late"));
    }
}
