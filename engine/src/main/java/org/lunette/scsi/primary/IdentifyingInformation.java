package org.lunette.scsi.primary;

import java.util.List;
import org.lunette.command.AdditionalSense;
import org.lunette.command.Command;
import org.lunette.command.SenseKey;
import org.lunette.scsi.page.PageBuffer;
import org.lunette.scsi.path.PathNeed;
import org.lunette.scsi.reservation.Access;
import org.lunette.scsi.table.Opcode;
import org.lunette.scsi.table.OpcodeTable;
import org.lunette.scsi.task.NexusScope;
import org.lunette.scsi.task.NexusTable;
import org.lunette.scsi.task.Task;
import org.lunette.scsi.task.UnitAttention;
import org.lunette.store.KeptValues;
import org.lunette.store.StoreStatus;

/**
 * REPORT and SET IDENTIFYING INFORMATION; SPC-5. What is set outlives a power loss, so where nothing is kept there is
 * nothing to set.
 */
public final class IdentifyingInformation implements OpcodeTable.Source {
    private static final int TYPE_BYTE = 10;
    private static final int SUPPORTED_TYPES = 0x7f;

    /** A type of identifying information. */
    private enum Type {
        OF_UNIT(0, 512, "identifying-information"),
        TEXT(2, 256, "identifying-text");

        private final int code;
        private final int maxBytes;
        private final String keptAs;

        Type(int code, int maxBytes, String keptAs) {
            this.code = code;
            this.maxBytes = maxBytes;
            this.keptAs = keptAs;
        }

        /** What a CDB asks for; null if there is none. */
        static Type of(Command command) {
            for (Type type : values()) {
                if (type.code == command.cdb8(TYPE_BYTE) >> 1) {
                    return type;
                }
            }
            return null;
        }
    }

    private final KeptValues kept;
    private final NexusTable nexuses;

    public IdentifyingInformation(KeptValues kept, NexusTable nexuses) {
        this.kept = kept;
        this.nexuses = nexuses;
    }

    @Override
    public void declare(List<Opcode> commands) {
        commands.add(Opcode.named("REPORT IDENTIFYING INFORMATION", "a3 05 00 00 00 00 ff ff ff ff fe 00")
                .withServiceAction()
                .length(6, 4)
                .needs(PathNeed.STANDBY)
                .handledBy(this::report));
        if (kept.keeps()) {
            commands.add(Opcode.named("SET IDENTIFYING INFORMATION", "a4 06 00 00 00 00 ff ff ff ff fe 00")
                    .withServiceAction()
                    .access(Access.WRITE)
                    .dataOut()
                    .length(6, 4)
                    .handledBy(this::set));
        }
    }

    private void report(Task task) {
        Command command = task.command();
        Type type = Type.of(command);
        PageBuffer data = new PageBuffer().zeros(4);
        if (type != null) {
            byte[] information = kept.load(type.keptAs);
            data.put(information == null ? new byte[0] : information);
        } else if (command.cdb8(TYPE_BYTE) >> 1 == SUPPORTED_TYPES) {
            for (Type one : Type.values()) {
                data.put8(one.code << 1).put8(0).put16(kept.keeps() ? one.maxBytes : 0);
            }
        } else {
            task.invalidCdb(TYPE_BYTE, 7);
            return;
        }
        data.set16(2, data.length() - 4);
        task.good(data.array(), data.length(), command.cdb32(6));
    }

    private void set(Task task) {
        Command command = task.command();
        Type type = Type.of(command);
        long lengthBytes = command.cdb32(6);
        if (type == null) {
            task.invalidCdb(TYPE_BYTE, 7);
            return;
        }
        if (lengthBytes > type.maxBytes) {
            task.invalidCdb(6, 7);
            return;
        }
        byte[] information = new byte[(int) lengthBytes];
        command.setTransferBytes(lengthBytes);
        if (command.dataOut(information, information.length) < information.length) {
            task.parameterListTooShort();
        } else if (type == Type.TEXT && lengthBytes > 0 && information[information.length - 1] != 0) {
            task.invalidParameter(information.length - 1, -1); // text ends with a NUL
        } else if (!task.endedByAbort()) {
            kept.save(type.keptAs, information, task.then(this::saved));
        }
    }

    private void saved(Task task, StoreStatus status, long errorOffsetBytes) {
        if (status != StoreStatus.OK) {
            task.fail(SenseKey.HARDWARE_ERROR, AdditionalSense.INTERNAL_TARGET_FAILURE);
            return;
        }
        nexuses.raise(
                UnitAttention.IDENTIFIER_CHANGED, NexusScope.allBut(task.nexus().nexus()));
        if (!task.endedByAbort()) {
            task.good();
        }
    }
}
