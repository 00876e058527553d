package org.lunette.scsi.block;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.lunette.command.AdditionalSense;
import org.lunette.command.Command;
import org.lunette.command.SenseKey;
import org.lunette.scsi.readiness.Need;
import org.lunette.scsi.readiness.Readiness;
import org.lunette.scsi.reservation.Access;
import org.lunette.scsi.table.Opcode;
import org.lunette.scsi.table.OpcodeTable;
import org.lunette.scsi.task.Task;
import org.lunette.store.EncryptedStore;
import org.lunette.store.StoreStatus;

/**
 * SANITIZE; SBC-4, 4.11.
 *
 * <p>BLOCK ERASE is for stores that give space back: what takes space is overwritten before, since what lies below may
 * hand freed blocks on as they are. CRYPTOGRAPHIC ERASE is for stores that encrypt; nowhere else would it be true.
 */
final class Sanitize implements OpcodeTable.Source {
    private static final int IMMED = 0x80;
    private static final int ZNR = 0x40;
    private static final int AUSE = 0x20;
    private static final int HEADER_BYTES = 4;
    private static final int INVERT = 0x80;
    private static final int TEST = 0x60;
    private static final int OVERWRITE_COUNT = 0x1f;
    private static final int[] RESERVED_BYTES = {2, 3, 4, 5, 6};
    private static final int[] PARAMETER_LIST_LENGTH = {7, 8};

    private final Medium medium;
    private final Readiness readiness;
    private final KeptReadiness kept;
    private final MediumOperations operations;

    Sanitize(Medium medium, Readiness readiness, KeptReadiness kept, MediumOperations operations) {
        this.medium = medium;
        this.readiness = readiness;
        this.kept = kept;
        this.operations = operations;
    }

    /** Whether blocks of a medium can be erased. */
    static boolean erasesBlocks(Medium medium) {
        return medium.properties().thin();
    }

    /** Whether a medium can be erased by its keys. */
    static boolean erasesKeys(Medium medium) {
        return medium.store() instanceof EncryptedStore;
    }

    @Override
    public void declare(List<Opcode> commands) {
        commands.add(checked(Opcode.named("SANITIZE, OVERWRITE", "48 a1 00 00 00 00 00 ff ff 00"))
                .writes()
                .needs(Need.MEDIUM_TO_SANITIZE)
                .dataOut()
                .length(7, 2)
                .timeoutS(MediumOperations.TIMEOUT_S)
                .handledBy(this::overwrite));
        if (erasesBlocks(medium)) {
            commands.add(erases("SANITIZE, BLOCK ERASE", "48 a2 00 00 00 00 00 00 00 00", this::blockErasePasses));
        }
        if (medium.store() instanceof EncryptedStore store) {
            commands.add(erases(
                    "SANITIZE, CRYPTOGRAPHIC ERASE",
                    "48 a3 00 00 00 00 00 00 00 00",
                    fill -> List.of(MediumPass.eraseKeys(store))));
        }
        commands.add(withoutList(Opcode.named("SANITIZE, EXIT FAILURE MODE", "48 bf 00 00 00 00 00 00 00 00"))
                .access(Access.WRITE)
                .needs(Need.MEDIUM_TO_SANITIZE)
                .handledBy(this::exitFailureMode));
    }

    private Opcode erases(String name, String usage, Function<FillPattern, List<MediumPass>> passes) {
        return withoutList(Opcode.named(name, usage))
                .writes()
                .needs(Need.MEDIUM_TO_SANITIZE)
                .timeoutS(MediumOperations.TIMEOUT_S)
                .handledBy(task -> start(task, passes));
    }

    private static Opcode.Builder checked(Opcode.Builder command) {
        for (int reserved : RESERVED_BYTES) {
            command.refuse(reserved, 0xff);
        }
        return command.withServiceAction().refuse(1, ZNR);
    }

    private static Opcode.Builder withoutList(Opcode.Builder command) {
        for (int length : PARAMETER_LIST_LENGTH) {
            command.refuse(length, 0xff);
        }
        return checked(command);
    }

    private List<MediumPass> blockErasePasses(FillPattern fill) {
        return List.of(
                MediumPass.overwriteWhatIsTaken(medium, fill),
                MediumPass.flush(medium),
                MediumPass.unmap(medium),
                MediumPass.flush(medium));
    }

    // ---- OVERWRITE ----

    private void overwrite(Task task) {
        Command command = task.command();
        int lengthBytes = command.cdb16(7);
        if (lengthBytes <= HEADER_BYTES || lengthBytes > HEADER_BYTES + medium.blockBytes()) {
            task.invalidCdb(7, -1);
            return;
        }
        byte[] list = new byte[lengthBytes];
        command.setTransferBytes(lengthBytes);
        if (command.dataOut(list, lengthBytes) < lengthBytes) {
            task.parameterListTooShort();
            return;
        }
        int patternBytes = (list[2] & 0xff) << 8 | list[3] & 0xff;
        int count = list[0] & OVERWRITE_COUNT;
        if ((list[0] & TEST) != 0) {
            task.invalidParameter(0, 6);
        } else if (count == 0) {
            task.invalidParameter(0, 4);
        } else if (patternBytes == 0 || patternBytes > medium.blockBytes()) {
            task.invalidParameter(2, -1);
        } else if (HEADER_BYTES + patternBytes > lengthBytes) {
            task.parameterListTooShort();
        } else {
            byte[] pattern = Arrays.copyOfRange(list, HEADER_BYTES, HEADER_BYTES + patternBytes);
            start(task, fill -> overwritePasses(fill, pattern, count, (list[0] & INVERT) != 0));
        }
    }

    /** With INVERT every other pass writes the inverted pattern, and the last one the pattern itself. */
    private List<MediumPass> overwritePasses(FillPattern fill, byte[] pattern, int count, boolean invert) {
        List<MediumPass> passes = new ArrayList<>();
        for (int left = count - 1; left >= 0; left--) {
            passes.add(MediumPass.overwrite(medium, fill, pattern, invert && left % 2 != 0));
            passes.add(MediumPass.flush(medium));
        }
        return passes;
    }

    // ---- the operation ----

    private void start(Task task, Function<FillPattern, List<MediumPass>> passes) {
        int flags = task.command().cdb8(1);
        boolean unrestricted = (flags & AUSE) != 0;
        if (unrestricted && readiness.state() == Readiness.State.SANITIZE_FAILED_RESTRICTED) {
            task.invalidCdb(1, 5);
        } else if (!task.endedByAbort()) {
            FillPattern fill = new FillPattern();
            operations.start(
                    task,
                    (flags & IMMED) != 0,
                    new MediumOperation.Job(
                            Readiness.State.SANITIZING,
                            Need.MEDIUM_TO_SANITIZE,
                            unrestricted ? Readiness.State.SANITIZE_FAILED : Readiness.State.SANITIZE_FAILED_RESTRICTED,
                            AdditionalSense.SANITIZE_COMMAND_FAILED,
                            fill,
                            passes.apply(fill)));
        }
    }

    private void exitFailureMode(Task task) {
        boolean failed = readiness.state() == Readiness.State.SANITIZE_FAILED;
        Readiness.State now = readiness.exitFailure();
        if (now == Readiness.State.SANITIZE_FAILED_RESTRICTED) {
            task.invalidCdb(1, 4);
        } else if (failed && now == Readiness.State.READY) {
            kept.save(now, task.then(this::left));
        } else if (now.satisfies(Need.MEDIUM_TO_SANITIZE)) {
            task.good();
        } else {
            readiness.refuse(task, now);
        }
    }

    private void left(Task task, StoreStatus status, long errorOffsetBytes) {
        if (status == StoreStatus.OK) {
            task.good();
        } else { // ready all the same, but not after a restart
            task.fail(SenseKey.HARDWARE_ERROR, AdditionalSense.INTERNAL_TARGET_FAILURE);
        }
    }
}
