package org.lunette.app;

import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.lunette.command.Command;
import org.lunette.filter.CommandTable;
import org.lunette.scsi.table.Opcode;
import org.lunette.scsi.table.OpcodeTable;
import org.lunette.scsi.task.Operation;

/** A unit's table, as filters see it. */
final class UnitCommands implements CommandTable {
    private final OpcodeTable table;
    private final Map<Opcode, Entry> entries = new IdentityHashMap<>();
    private final List<Entry> all;

    private record OfOpcode(String name, Kind kind, Opcode opcode) implements Entry {
        @Override
        public boolean isRanged() {
            return opcode.isRanged();
        }

        @Override
        public long lba(Command command) {
            return opcode.lba(command);
        }

        @Override
        public long blocks(Command command) {
            return opcode.blocks(command);
        }
    }

    UnitCommands(OpcodeTable table) {
        this.table = table;
        table.all().forEach(opcode -> entries.put(opcode, entry(opcode)));
        this.all = table.all().stream().map(entries::get).toList();
    }

    private static Entry entry(Opcode opcode) {
        String name = opcode.name()
                .toUpperCase(Locale.ROOT)
                .replaceAll("[^A-Z0-9]+", "_")
                .replaceAll("^_|_$", "");
        return new OfOpcode(name, kind(opcode), opcode);
    }

    private static CommandTable.Kind kind(Opcode opcode) {
        if (opcode.writes()) {
            return CommandTable.Kind.WRITE;
        }
        boolean reads = opcode.operation() == Operation.READ || opcode.operation() == Operation.VERIFY;
        return reads ? CommandTable.Kind.READ : CommandTable.Kind.OTHER;
    }

    @Override
    public Entry find(Command command) {
        Opcode opcode = table.find(command);
        return opcode == null ? null : entries.get(opcode);
    }

    @Override
    public List<Entry> all() {
        return all;
    }
}
