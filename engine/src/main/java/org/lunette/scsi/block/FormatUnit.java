package org.lunette.scsi.block;

import java.util.Arrays;
import java.util.List;
import org.lunette.command.AdditionalSense;
import org.lunette.command.Command;
import org.lunette.scsi.readiness.Need;
import org.lunette.scsi.readiness.Readiness;
import org.lunette.scsi.table.Opcode;
import org.lunette.scsi.table.OpcodeTable;
import org.lunette.scsi.task.Task;

/**
 * FORMAT UNIT; SBC-4. The medium reads as zeros then, or as the initialization pattern. There are no defects, so a
 * defect list must be empty; and there is no protection information.
 */
final class FormatUnit implements OpcodeTable.Source {
    private static final int FMTPINFO = 0xc0;
    private static final int LONGLIST = 0x20;
    private static final int FMTDATA = 0x10;
    private static final int CMPLST = 0x08;
    private static final int DEFECT_LIST_FORMAT = 0x07;
    private static final int LONG_BLOCK_FORMAT = 3;
    private static final int FFMT = 0x03;

    private static final int PROTECTION_FIELDS_USAGE = 0x07;
    private static final int FOV = 0x80;
    /** DPRY, DCRT, STPF and IP: they count with FOV only. Nothing is certified, and there is no primary list. */
    private static final int FORMAT_OPTIONS = 0x78;

    private static final int IP = 0x08;
    private static final int OBSOLETE_OR_VENDOR_SPECIFIC = 0x05;
    private static final int IMMED = 0x02;

    private static final int DESCRIPTOR_BYTES = 4;
    private static final int SECURITY_INITIALIZE_OR_OBSOLETE = 0xe0;
    private static final int DEFAULT_PATTERN = 0;
    private static final int REPEATED_PATTERN = 1;

    private final Medium medium;
    private final MediumOperations operations;

    FormatUnit(Medium medium, MediumOperations operations) {
        this.medium = medium;
        this.operations = operations;
    }

    @Override
    public void declare(List<Opcode> commands) {
        commands.add(Opcode.named("FORMAT UNIT", "04 3f 00 00 00 00")
                .refuse(1, FMTPINFO)
                .refuse(4, FFMT)
                .writes()
                .needs(Need.MEDIUM_TO_FORMAT)
                .dataOutIf(1, FMTDATA)
                .timeoutS(MediumOperations.TIMEOUT_S)
                .handledBy(this::format));
    }

    private void format(Task task) {
        int flags = task.command().cdb8(1);
        int listFormat = flags & DEFECT_LIST_FORMAT;
        boolean data = (flags & FMTDATA) != 0;
        if (!data && (flags & CMPLST) != 0) {
            task.invalidCdb(1, 3);
        } else if (listFormat != 0 && (!data || listFormat != LONG_BLOCK_FORMAT)) {
            task.invalidCdb(1, 2);
        } else if (!data) {
            start(task, false, null);
        } else {
            formatBy(task, (flags & LONGLIST) != 0);
        }
    }

    /** Formats as the parameter list says. The CDB does not say how long that is: it says so itself. */
    private void formatBy(Task task, boolean longList) {
        Command command = task.command();
        int headerBytes = longList ? 8 : 4;
        byte[] list = new byte[headerBytes + DESCRIPTOR_BYTES + medium.blockBytes()];
        int came = command.dataOut(list, list.length);
        command.setTransferBytes(headerBytes);
        if (came < headerBytes) {
            task.parameterListTooShort();
        } else if (headerIsValid(task, list, longList)) {
            boolean immediate = (list[1] & IMMED) != 0;
            if ((list[1] & IP) == 0) {
                start(task, immediate, null);
            } else {
                formatWithPattern(task, immediate, Arrays.copyOf(list, came), headerBytes);
            }
        }
    }

    private static boolean headerIsValid(Task task, byte[] list, boolean longList) {
        int options = list[1] & FORMAT_OPTIONS;
        int unknown = list[1] & OBSOLETE_OR_VENDOR_SPECIFIC;
        boolean defects = longList ? (list[4] | list[5] | list[6] | list[7]) != 0 : (list[2] | list[3]) != 0;
        if ((list[0] & PROTECTION_FIELDS_USAGE) != 0) {
            task.invalidParameter(0, 2);
        } else if (unknown != 0) {
            task.invalidParameter(1, leftmost(unknown));
        } else if ((list[1] & FOV) == 0 && options != 0) {
            task.invalidParameter(1, leftmost(options));
        } else if (longList && list[3] != 0) {
            task.invalidParameter(3, 7); // P_I_INFORMATION, PROTECTION INTERVAL EXPONENT
        } else if (defects) {
            task.invalidParameter(longList ? 4 : 2, -1);
        } else {
            return true;
        }
        return false;
    }

    private static int leftmost(int bits) {
        return 31 - Integer.numberOfLeadingZeros(bits);
    }

    private void formatWithPattern(Task task, boolean immediate, byte[] list, int at) {
        if (list.length < at + DESCRIPTOR_BYTES) {
            task.parameterListTooShort();
            return;
        }
        int type = list[at + 1] & 0xff;
        int patternBytes = (list[at + 2] & 0xff) << 8 | list[at + 3] & 0xff;
        int patternAt = at + DESCRIPTOR_BYTES;
        task.command().setTransferBytes(patternAt + patternBytes);
        boolean lengthIsValid =
                type == DEFAULT_PATTERN ? patternBytes == 0 : patternBytes > 0 && patternBytes <= medium.blockBytes();
        if ((list[at] & SECURITY_INITIALIZE_OR_OBSOLETE) != 0) {
            task.invalidParameter(at, leftmost(list[at] & SECURITY_INITIALIZE_OR_OBSOLETE));
        } else if (type > REPEATED_PATTERN) {
            task.invalidParameter(at + 1, -1);
        } else if (!lengthIsValid) {
            task.invalidParameter(at + 2, -1);
        } else if (list.length < patternAt + patternBytes) {
            task.parameterListTooShort();
        } else {
            byte[] pattern = Arrays.copyOfRange(list, patternAt, patternAt + patternBytes);
            start(task, immediate, type == DEFAULT_PATTERN ? null : pattern);
        }
    }

    /** @param pattern null for zeros */
    private void start(Task task, boolean immediate, byte[] pattern) {
        if (task.endedByAbort()) {
            return;
        }
        FillPattern fill = new FillPattern();
        MediumPass clear =
                pattern == null ? MediumPass.clear(medium, fill) : MediumPass.overwrite(medium, fill, pattern, false);
        operations.start(
                task,
                immediate,
                new MediumOperation.Job(
                        Readiness.State.FORMATTING,
                        Need.MEDIUM_TO_FORMAT,
                        Readiness.State.FORMAT_CORRUPT,
                        AdditionalSense.FORMAT_COMMAND_FAILED,
                        fill,
                        List.of(clear, MediumPass.flush(medium))));
    }
}
