package org.lunette.it.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.lunette.bridge.scstuser.MemoryReuse;
import org.lunette.bridge.scstuser.ScstUser;
import org.lunette.bridge.scstuser.ScstUserException;
import org.lunette.command.Command;
import org.lunette.command.CommandHandler;
import org.lunette.command.DataDirection;
import org.lunette.command.Nexus;
import org.lunette.command.ScsiStatus;
import org.lunette.command.TaskManagement;
import org.lunette.frontend.scstuser.ScstUserFrontEnd;
import org.lunette.frontend.scstuser.ScstUserSettings;
import org.lunette.metrics.Counters;
import org.lunette.ring.QueuedRings;
import org.lunette.scsi.NotCarried;
import org.lunette.scsi.OneAtATime;
import org.lunette.scsi.unit.LogicalUnit;

/**
 * A handler as a device of the model. The front-end's turns are run by whoever sends a command, or by whoever completes
 * one on another thread.
 */
final class ScstPathDevice {
    private static final int THREADS = 2;
    private static final int TURN_TIMEOUT_MS = 30_000;

    private final int blockBytes;
    private final ModelScstUserDevice device = new ModelScstUserDevice(ModelFaults.NONE, false);
    private final OneAtATime turns = new OneAtATime();
    private final ScstUserFrontEnd frontEnd;
    private boolean closed;

    /** @param random which buffers the kernel keeps, and how many commands are fetched at once */
    ScstPathDevice(CommandHandler handler, Random random) {
        this.blockBytes = handler instanceof LogicalUnit unit ? unit.blockBytes() : 512;
        MemoryReuse[] reuse = MemoryReuse.values();
        ScstUserSettings settings = ScstUserSettings.of("disk0", 0, blockBytes)
                .withThreads(THREADS)
                .withBatchCommands(1 + random.nextInt(8))
                .withMemoryReuse(reuse[random.nextInt(reuse.length)]);
        try {
            frontEnd = ScstUserFrontEnd.open(settings, handler, new QueuedRings(), device, new Counters());
        } catch (ScstUserException e) {
            throw new AssertionError(e);
        }
        device.whenAnsweredAlone(this::turn);
    }

    CommandHandler session() {
        return new Session();
    }

    private void turn() {
        turns.execute(() -> {
            for (int idle = 0; idle < THREADS && !closed; ) {
                int fetched = 0;
                for (int i = 0; i < THREADS; i++) {
                    fetched += frontEnd.turn(i);
                }
                idle = fetched == 0 ? idle + 1 : 0;
            }
        });
    }

    /** On the caller's thread: one that completes a command is at that command until it returns. */
    void close() {
        CountDownLatch lastTurn = new CountDownLatch(1);
        turns.execute(() -> {
            closed = true;
            lastTurn.countDown();
        });
        try {
            assertTrue(lastTurn.await(TURN_TIMEOUT_MS, TimeUnit.MILLISECONDS), "a turn that does not end");
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        frontEnd.close();
        device.dispose();
        assertEquals(List.of(), device.violations(), "violations of the device's rules");
        assertEquals(0, device.unansweredAtClose, "subcommands fetched and not answered");
    }

    /** One nexus. */
    private final class Session implements CommandHandler {
        private ModelSession session;

        @Override
        public void nexusEstablished(Nexus nexus) {
            if (!device.core.hasFreeSession()) {
                throw new NotCarried("the model has no more sessions");
            }
            session = device.core.attach(nexus.initiatorPort(), 0);
            turn();
            for (int waitedMs = 0; session.attachResult == null && waitedMs < TURN_TIMEOUT_MS; waitedMs++) {
                device.core.awaitEvent(1); // another thread is at it
            }
            assertTrue(session.isAttached());
        }

        @Override
        public void execute(Command command) {
            if (command.lun() != 0) {
                throw new NotCarried("a device of SCST's is one unit");
            }
            byte[] cdb = new byte[Math.max(ScstUser.SCST_MAX_CDB_SIZE, command.cdbBytes())];
            for (int i = 0; i < cdb.length; i++) {
                cdb[i] = (byte) command.cdb8(i);
            }
            String obstacle = obstacle(command, cdb);
            if (obstacle != null) {
                throw new NotCarried(obstacle);
            }
            byte[] dataOut = new byte[command.direction() == DataDirection.OUT ? command.dataBytes() : 0];
            command.dataOut(dataOut, dataOut.length);
            ModelCommand sent = describe(command, cdb, dataOut);
            sent.whenDone = () -> complete(command, sent);
            device.core.submit(sent);
            turn();
        }

        private String obstacle(Command command, byte[] cdb) {
            if (command.direction() == DataDirection.OUT && command.dataBytes() != command.expectedBytes()) {
                return "an initiator sends the data that it announces";
            }
            String obstacle = ScstTable.obstacle(cdb, command.direction(), command.expectedBytes(), blockBytes);
            if (obstacle == null && describe(command, cdb, new byte[0]).bufferBytes > KernelMemory.MAX_BYTES) {
                return "the model copies no more than " + KernelMemory.MAX_BYTES + " bytes";
            }
            return obstacle;
        }

        private ModelCommand describe(Command command, byte[] cdb, byte[] dataOut) {
            if (!ScstTable.knows(cdb[0] & 0xff)) {
                int direction = ScstTable.direction(command.direction(), command.expectedBytes());
                return new ModelCommand(session, cdb, direction, (int) command.expectedBytes(), dataOut);
            }
            ScstTable.Transfer transfer = ScstTable.transfer(cdb, command.expectedBytes(), blockBytes);
            byte[] taken = Arrays.copyOf(dataOut, Math.min(dataOut.length, transfer.bufferBytes()));
            return new ModelCommand(session, cdb, transfer.direction(), transfer.bufferBytes(), taken);
        }

        /**
         * What the target driver sends. The core counts data-out by the CDB alone, so after an error its residual count
         * says nothing.
         */
        private void complete(Command command, ModelCommand sent) {
            command.dataIn(sent.dataIn, sent.dataIn.length);
            ScsiStatus status = Arrays.stream(ScsiStatus.values())
                    .filter(each -> each.code() == sent.status)
                    .findFirst()
                    .orElseThrow();
            if (status == ScsiStatus.CHECK_CONDITION) {
                command.completeCheckCondition(sent.sense, sent.sense.length, sent.dataIn.length);
                return;
            }
            if (status == ScsiStatus.GOOD && sent.direction == ScstUser.SCST_DATA_WRITE) {
                command.setTransferBytes(sent.bufferBytes);
            }
            command.complete(status);
        }

        @Override
        public void manage(TaskManagement request) {
            int function = switch (request.function()) {
                case ABORT_TASK_SET -> ScstUser.SCST_ABORT_TASK_SET;
                case CLEAR_TASK_SET -> ScstUser.SCST_CLEAR_TASK_SET;
                case LOGICAL_UNIT_RESET -> ScstUser.SCST_LUN_RESET;
                default -> throw new NotCarried(request.function() + " does not come to a device of SCST's");
            };
            ModelTask task = device.core.manage(function, session, null);
            task.whenDone = () -> request.respond(TaskManagement.Response.FUNCTION_COMPLETE);
            turn();
        }

        @Override
        public void nexusLost(Nexus nexus) {
            device.core.detach(session);
            turn();
        }
    }
}
