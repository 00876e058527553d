package org.lunette.scsi.table;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.lunette.command.Command;

/** The commands of one logical unit, found by array lookup. Immutable. */
public final class OpcodeTable {
    private static final int SERVICE_ACTION_BITS = 0x1f;

    private final Opcode[] byCode = new Opcode[256];
    private final Opcode[][] byServiceAction = new Opcode[256][];
    private final List<Opcode> all;

    private OpcodeTable(List<Opcode> opcodes) {
        List<Opcode> sorted = new ArrayList<>(opcodes);
        sorted.sort(Comparator.comparingInt(Opcode::code).thenComparingInt(Opcode::serviceAction));
        this.all = List.copyOf(sorted);
        all.forEach(this::enter);
    }

    private void enter(Opcode opcode) {
        int code = opcode.code();
        boolean taken = byCode[code] != null || !opcode.hasServiceAction() && byServiceAction[code] != null;
        if (opcode.hasServiceAction() && !taken) {
            if (byServiceAction[code] == null) {
                byServiceAction[code] = new Opcode[SERVICE_ACTION_BITS + 1];
            }
            taken = byServiceAction[code][opcode.serviceAction()] != null;
            byServiceAction[code][opcode.serviceAction()] = opcode;
        } else {
            byCode[code] = opcode;
        }
        if (taken) {
            throw new IllegalArgumentException(opcode + " is declared twice");
        }
    }

    /** Somebody who declares commands. */
    @FunctionalInterface
    public interface Source {
        /** Adds its commands to a list. */
        void declare(List<Opcode> commands);
    }

    /** The table of everything that the sources declare; NACA is refused in each CDB. */
    public static OpcodeTable of(List<Source> sources) {
        return of(sources, false);
    }

    /** As {@link #of(List)}; {@code normalAca} says whether the unit establishes ACA conditions: NORMACA. */
    public static OpcodeTable of(List<Source> sources, boolean normalAca) {
        List<Opcode> opcodes = new ArrayList<>();
        sources.forEach(source -> source.declare(opcodes));
        if (normalAca) {
            opcodes.forEach(Opcode::allowNaca);
        }
        return new OpcodeTable(opcodes);
    }

    /** What a command's CDB stands for; null if the table has it not. */
    public Opcode find(Command command) {
        int code = command.opcode();
        Opcode[] actions = byServiceAction[code];
        return actions == null ? byCode[code] : actions[command.cdb8(1) & SERVICE_ACTION_BITS];
    }

    /** As {@link #find(Command)}; {@code serviceAction} counts only for an operation code that has them. */
    public Opcode find(int code, int serviceAction) {
        Opcode[] actions = byServiceAction[code];
        if (actions == null) {
            return byCode[code];
        }
        return serviceAction < actions.length ? actions[serviceAction] : null;
    }

    /** Whether an operation code has service actions in this table. */
    public boolean hasServiceActions(int code) {
        return byServiceAction[code] != null;
    }

    /** All commands, by operation code and service action. */
    public List<Opcode> all() {
        return all;
    }
}
