package org.lunette.scsi.table;

import java.util.HexFormat;
import java.util.Objects;
import org.lunette.command.Command;
import org.lunette.scsi.path.PathNeed;
import org.lunette.scsi.readiness.Need;
import org.lunette.scsi.reservation.Access;
import org.lunette.scsi.task.Operation;

/**
 * One line of the table: an operation code, perhaps with a service action, and all that the engine must know of it.
 * Immutable.
 *
 * <p>Made by {@link #named}; the CDB usage data (SPC-5) gives operation code, service action and CDB length as well.
 */
public final class Opcode {
    /** {@link #serviceAction()} of an operation code that has none. */
    public static final int NO_SERVICE_ACTION = -1;
    /** How long an initiator is told to wait for a command, unless it is declared otherwise. */
    public static final int DEFAULT_TIMEOUT_S = 30;
    /** As {@link #DEFAULT_TIMEOUT_S}, for a command that ends when all that was written is durable. */
    public static final int FLUSH_TIMEOUT_S = 120;

    private static final int NACA = 0x04;
    private static final int[] CDB_BYTES_BY_GROUP = {6, 10, 10, 0, 16, 12, 0, 0};
    private static final int SERVICE_ACTION_BITS = 0x1f;

    private final String name;
    private final byte[] usage;
    private final int serviceAction;
    private final int timeoutS;
    private final Access access;
    private final Need need;
    private final PathNeed pathNeed;
    private final int exemptByte;
    private final int exemptMask;
    private final int exemptValue;
    private final boolean passesAttentions;
    private final boolean passesLegacyReservation;
    private final boolean ranged;
    private final boolean limited;
    private final boolean exclusive;
    private final boolean toTheEnd;
    private final CdbField blocks;
    private final boolean writes;
    private final boolean verifies;
    private final int dataOutByte;
    private final int dataOutMask;
    private final CdbField length;
    private final int[] refusedBytes;
    private final int[] refusedMasks;
    private final OpcodeHandler handler;

    private Opcode(Builder b) {
        this.name = b.name;
        this.usage = b.usage;
        this.serviceAction = b.serviceAction;
        this.timeoutS = b.timeoutS;
        this.access = b.access;
        this.need = b.need;
        this.pathNeed = b.pathNeed;
        this.exemptByte = b.exemptByte;
        this.exemptMask = b.exemptMask;
        this.exemptValue = b.exemptValue;
        this.passesAttentions = b.passesAttentions;
        this.passesLegacyReservation = b.passesLegacyReservation;
        this.ranged = b.ranged;
        this.limited = b.limited;
        this.exclusive = b.exclusive;
        this.toTheEnd = b.toTheEnd;
        this.blocks = b.blocks;
        this.writes = b.writes;
        this.verifies = b.verifies;
        this.dataOutByte = b.dataOutByte;
        this.dataOutMask = b.dataOutMask;
        this.length = b.length;
        this.refusedBytes = b.refusedBytes;
        this.refusedMasks = b.refusedMasks;
        this.handler = b.handler;
    }

    /**
     * Starts a declaration.
     *
     * @param name as in the standard
     * @param usage the CDB usage data in hexadecimal, bytes separated by blanks: byte 0 is the operation code
     */
    public static Builder named(String name, String usage) {
        return new Builder(name, HexFormat.ofDelimiter(" ").parseHex(usage));
    }

    /** The name, as in the standard. */
    public String name() {
        return name;
    }

    /** The operation code, CDB byte 0. */
    public int code() {
        return usage[0] & 0xff;
    }

    /** The service action, or {@link #NO_SERVICE_ACTION}. */
    public int serviceAction() {
        return serviceAction;
    }

    public boolean hasServiceAction() {
        return serviceAction != NO_SERVICE_ACTION;
    }

    /** The length of the CDB. */
    public int cdbBytes() {
        return usage.length;
    }

    /** Byte {@code index} of the CDB usage data. */
    public byte usage(int index) {
        return usage[index];
    }

    /** How long an initiator should wait for the command, in seconds. */
    public int timeoutS() {
        return timeoutS;
    }

    /** What a command needs to be allowed under a persistent reservation. */
    public Access access(Command command) {
        return isExempt(command) ? Access.NONE : access;
    }

    private boolean isExempt(Command command) {
        return exemptMask != 0 && (command.cdb8(exemptByte) & exemptMask) == exemptValue;
    }

    /** What the command needs of the unit to be processed. */
    public Need need() {
        return need;
    }

    /** What the command needs of the target port by which it comes. */
    public PathNeed pathNeed() {
        return pathNeed;
    }

    /** Whether the command is executed though a unit attention is pending, and leaves it pending; SAM-5, 5.14. */
    public boolean passesAttentions() {
        return passesAttentions;
    }

    /** Whether the command is executed though another nexus holds the unit by RESERVE; SPC-2. */
    public boolean passesLegacyReservation(Command command) {
        return passesLegacyReservation || isExempt(command);
    }

    /** Whether the CDB names an LBA and a number of blocks, to be within the capacity. */
    public boolean isRanged() {
        return ranged;
    }

    /** Whether the number of blocks is subject to the maximum transfer length. */
    public boolean isLimited() {
        return limited;
    }

    /** Whether no other command may work on a part of the range while this one does. */
    public boolean isExclusive() {
        return exclusive;
    }

    /** Whether 0 blocks stand for all from the LBA to the end of the medium. */
    public boolean isToTheEnd() {
        return toTheEnd;
    }

    /** Whether the command writes to the medium. */
    public boolean writes() {
        return writes;
    }

    /** What the command counts as in the unit's statistics; null if it moves no blocks. */
    public Operation operation() {
        if (verifies) {
            return Operation.VERIFY;
        }
        if (!limited) {
            return null;
        }
        return writes ? Operation.WRITE : Operation.READ;
    }

    /** Whether a command's data goes from the initiator to the device: never into the data-in buffer. */
    public boolean isDataOut(Command command) {
        return (command.cdb8(dataOutByte) & dataOutMask) != 0;
    }

    /** The allocation length or the parameter list length; null if the CDB has neither. */
    public CdbField length() {
        return length;
    }

    /** What to call. */
    public OpcodeHandler handler() {
        return handler;
    }

    /** Has the NACA bit of the CONTROL byte no more refused; before the declaration is used. */
    void allowNaca() {
        int control = usage.length - 1;
        usage[control] |= NACA;
        for (int i = 0; i < refusedBytes.length; i++) {
            if (refusedBytes[i] == control) {
                refusedMasks[i] &= ~NACA;
            }
        }
    }

    /** The first byte of a CDB in which a bit is set that the unit refuses, or -1 if there is none. */
    public int firstRefusedByte(Command command) {
        for (int i = 0; i < refusedBytes.length; i++) {
            if ((command.cdb8(refusedBytes[i]) & refusedMasks[i]) != 0) {
                return refusedBytes[i];
            }
        }
        return -1;
    }

    /** Which bits of a byte the unit refuses. */
    public int refusedMask(int cdbByte) {
        for (int i = 0; i < refusedBytes.length; i++) {
            if (refusedBytes[i] == cdbByte) {
                return refusedMasks[i];
            }
        }
        return 0;
    }

    /** The LBA that a CDB of a ranged command names, unsigned. */
    public long lba(Command command) {
        return switch (usage.length) {
            case 6 -> command.cdb24(1) & 0x1f_ffff;
            case 16 -> command.cdb64(2);
            default -> command.cdb32(2);
        };
    }

    /** The number of logical blocks that a CDB of a ranged command names; 0 means 256 in one of 6 bytes (SBC-4). */
    public long blocks(Command command) {
        long number = blocks.of(command);
        return number == 0 && usage.length == 6 ? 256 : number;
    }

    /** Where the number of blocks starts in a CDB of a ranged command. */
    public int blocksOffset() {
        return blocks.offset();
    }

    @Override
    public String toString() {
        return name;
    }

    /** Declares an {@link Opcode}. What is not said does not apply. */
    public static final class Builder {
        private final String name;
        private final byte[] usage;
        private int serviceAction = NO_SERVICE_ACTION;
        private int timeoutS = DEFAULT_TIMEOUT_S;
        private Access access = Access.NONE;
        private Need need = Need.UNIT;
        private PathNeed pathNeed = PathNeed.ACTIVE;
        private int exemptByte;
        private int exemptMask;
        private int exemptValue;
        private boolean passesAttentions;
        private boolean passesLegacyReservation;
        private boolean ranged;
        private boolean limited;
        private boolean exclusive;
        private boolean toTheEnd;
        private CdbField blocks;
        private boolean writes;
        private boolean verifies;
        private int dataOutByte;
        private int dataOutMask;
        private CdbField length;
        private int[] refusedBytes = {};
        private int[] refusedMasks = {};
        private OpcodeHandler handler;

        private Builder(String name, byte[] usage) {
            this.name = name;
            this.usage = usage;
            if (CDB_BYTES_BY_GROUP[(usage[0] & 0xff) >> 5] != usage.length) {
                throw new IllegalArgumentException(name + ": a CDB of " + usage.length + " bytes");
            }
            blocks = switch (usage.length) {
                case 6 -> new CdbField(4, 1);
                case 10 -> new CdbField(7, 2);
                case 12 -> new CdbField(6, 4);
                default -> new CdbField(10, 4);
            };
            refuse(usage.length - 1, NACA);
        }

        /** The low 5 bits of byte 1 are a service action, whose value stands in the CDB usage data. */
        public Builder withServiceAction() {
            serviceAction = usage[1] & SERVICE_ACTION_BITS;
            return this;
        }

        public Builder timeoutS(int seconds) {
            timeoutS = seconds;
            return this;
        }

        /** What the command needs to be allowed under a persistent reservation; {@link Access#NONE} if not said. */
        public Builder access(Access needed) {
            access = needed;
            return this;
        }

        /**
         * What the command needs of the unit to be processed; if not said, a {@link Need#MEDIUM} where it is ranged or
         * writes, and else the {@link Need#UNIT}.
         */
        public Builder needs(Need what) {
            need = what;
            return this;
        }

        /** What the command needs of the target port by which it comes; {@link PathNeed#ACTIVE} if not said. */
        public Builder needs(PathNeed what) {
            pathNeed = what;
            return this;
        }

        /** A CDB whose byte, masked, has this value needs {@link Access#NONE}, and passes a RESERVE too. */
        public Builder freeAccessIf(int cdbByte, int mask, int value) {
            exemptByte = cdbByte;
            exemptMask = mask;
            exemptValue = value;
            return this;
        }

        /** See {@link Opcode#passesAttentions()}. */
        public Builder passesAttentions() {
            passesAttentions = true;
            return this;
        }

        /** See {@link Opcode#passesLegacyReservation}. */
        public Builder passesLegacyReservation() {
            passesLegacyReservation = true;
            return this;
        }

        /** The CDB names an LBA and a number of blocks in their usual places. */
        public Builder ranged() {
            ranged = true;
            return needs(Need.MEDIUM);
        }

        /** Where the number of blocks is, if not in its usual place. */
        public Builder blocksAt(int offset, int lengthBytes) {
            blocks = new CdbField(offset, lengthBytes);
            return this;
        }

        /** See {@link Opcode#isToTheEnd()}. */
        public Builder toTheEnd() {
            toTheEnd = true;
            return ranged();
        }

        /** See {@link Opcode#isExclusive()}. */
        public Builder exclusive() {
            exclusive = true;
            return ranged();
        }

        /** As {@link #ranged()}, and that many blocks are transferred at most as the unit's limit says. */
        public Builder limited() {
            limited = true;
            return ranged();
        }

        /** The command writes to the medium: refused by a unit that is write protected. */
        public Builder writes() {
            writes = true;
            need = Need.MEDIUM;
            return access(Access.WRITE);
        }

        /** The command compares the medium, and neither gives its blocks to the initiator nor changes them. */
        public Builder verifies() {
            verifies = true;
            return this;
        }

        /** The command takes data from the initiator. */
        public Builder dataOut() {
            return dataOutIf(0, usage[0]);
        }

        /** A CDB with any of these bits set in a byte takes data from the initiator. */
        public Builder dataOutIf(int cdbByte, int mask) {
            dataOutByte = cdbByte;
            dataOutMask = mask;
            return this;
        }

        /** The allocation length or parameter list length. */
        public Builder length(int offset, int lengthBytes) {
            length = new CdbField(offset, lengthBytes);
            return this;
        }

        /**
         * Bits that the standard defines, or demands to be zero, and that end the command with INVALID FIELD IN CDB if
         * set.
         */
        public Builder refuse(int cdbByte, int mask) {
            if ((usage[cdbByte] & mask) != 0) {
                throw new IllegalArgumentException(name + ": byte " + cdbByte + " is both used and refused");
            }
            int at = 0;
            while (at < refusedBytes.length && refusedBytes[at] != cdbByte) {
                at++;
            }
            if (at < refusedBytes.length) {
                refusedMasks[at] |= mask;
                return this;
            }
            refusedBytes = java.util.Arrays.copyOf(refusedBytes, at + 1);
            refusedMasks = java.util.Arrays.copyOf(refusedMasks, at + 1);
            refusedBytes[at] = cdbByte;
            refusedMasks[at] = mask;
            return this;
        }

        /** Ends the declaration. */
        public Opcode handledBy(OpcodeHandler handler) {
            this.handler = Objects.requireNonNull(handler);
            return new Opcode(this);
        }
    }
}
