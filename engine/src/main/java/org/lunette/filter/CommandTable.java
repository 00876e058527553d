package org.lunette.filter;

import java.util.List;
import org.lunette.command.Command;

/** What the unit's table says of commands. Any thread may call. */
public interface CommandTable {
    /** What a command does with blocks. */
    enum Kind {
        /** Gives blocks to the initiator. */
        READ,
        /** Changes blocks. */
        WRITE,
        OTHER
    }

    /** One entry. */
    interface Entry {
        /** The name as the standard has it, in capitals with underscores: {@code WRITE_10}. */
        String name();

        Kind kind();

        /** Whether the CDB names an LBA and a number of blocks. */
        boolean isRanged();

        /** The LBA that the CDB of a ranged command names, unsigned. */
        long lba(Command command);

        /** The number of blocks that the CDB of a ranged command names. */
        long blocks(Command command);
    }

    /** The entry of a command; null if the unit has none. */
    Entry find(Command command);

    /** What a command does with blocks; {@link Kind#OTHER} if the unit has no entry for it. */
    default Kind kind(Command command) {
        Entry entry = find(command);
        return entry == null ? Kind.OTHER : entry.kind();
    }

    /** All entries. */
    List<Entry> all();
}
