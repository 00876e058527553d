package org.lunette.filter;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.lunette.command.Command;
import org.lunette.filter.CommandTable.Entry;
import org.lunette.filter.CommandTable.Kind;

/**
 * Which commands a filter does something to: options that several filters have in common. Any thread may call.
 *
 * <p>Of the commands with one of these operation codes ({@code opcode=READ_10+READ_16}, or {@code read}, {@code write},
 * {@code other} for a kind, or {@code 0x2a}) that touch one of these blocks ({@code lba=100-200}), each N-th
 * ({@code every=N}), with a probability ({@code probability=1%}), and N in all ({@code count=N}).
 */
public final class Selection {
    /** The options. */
    public static final Set<String> OPTIONS = Set.of("opcode", "lba", "every", "probability", "count");
    /** The options as a line of help has them. */
    public static final String USAGE = "[,opcode=NAME+NAME...][,lba=A-B][,every=N][,probability=P][,count=N]";
    /** What {@link #lba} returns for a command that names no block. */
    public static final long NO_LBA = -1;

    private static final Pattern RANGE = Pattern.compile("(\\d{1,18})(?:-(\\d{1,18}))?");
    private static final Pattern CODE = Pattern.compile("0[xX]([0-9a-fA-F]{1,2})");

    private final CommandTable table;
    private final Set<Kind> kinds = new HashSet<>();
    private final Set<Entry> entries = new HashSet<>();
    private final Set<Integer> codes = new HashSet<>();
    private final boolean anyCode;
    private final boolean anyLba;
    private final long first;
    private final long last;
    private final long every;
    private final double probability;
    private final Long count;
    private final AtomicLong touched = new AtomicLong();
    private final AtomicLong selected = new AtomicLong();

    private Selection(FilterSpec spec, CommandTable table, Set<Kind> unlessSaid) throws FilterException {
        this.table = table;
        this.anyCode = !spec.has("opcode") && unlessSaid.isEmpty();
        if (!spec.has("opcode")) {
            kinds.addAll(unlessSaid);
        } else {
            for (String name : spec.value("opcode", "").split("\\+", -1)) {
                addOpcode(spec, name);
            }
        }
        this.anyLba = !spec.has("lba");
        Matcher range = RANGE.matcher(spec.value("lba", "0"));
        if (!range.matches()) {
            throw spec.wrong("lba=" + spec.value("lba", "") + " is no range of blocks: write 100 or 100-200");
        }
        this.first = Long.parseLong(range.group(1));
        this.last = range.group(2) == null ? first : Long.parseLong(range.group(2));
        if (last < first) {
            throw spec.wrong("lba=" + spec.value("lba", "") + " ends before it begins");
        }
        this.every = spec.number("every", 1, 1);
        this.probability = spec.fraction("probability", 1);
        this.count = spec.has("count") ? spec.number("count", 1, 1) : null;
    }

    /**
     * What the options of a filter select.
     *
     * @param unlessSaid the kinds of command that are meant where no operation code is said; none stands for all
     * @throws FilterException if one is wrong
     */
    public static Selection of(FilterSpec spec, CommandTable table, Kind... unlessSaid) throws FilterException {
        return new Selection(spec, table, Set.of(unlessSaid));
    }

    private void addOpcode(FilterSpec spec, String name) throws FilterException {
        String upper = name.toUpperCase(Locale.ROOT);
        List<Entry> named =
                table.all().stream().filter(entry -> entry.name().equals(upper)).toList();
        Matcher code = CODE.matcher(name);
        if (code.matches()) {
            codes.add(Integer.parseInt(code.group(1), 16));
        } else if (!named.isEmpty()) {
            entries.addAll(named);
        } else {
            kinds.add(kind(spec, name, upper));
        }
    }

    private Kind kind(FilterSpec spec, String name, String upper) throws FilterException {
        for (Kind kind : Kind.values()) {
            if (kind.name().equals(upper)) {
                return kind;
            }
        }
        List<String> names = table.all().stream().map(Entry::name).distinct().toList();
        throw spec.wrong("there is no operation code '" + name + "'; there are read, write, other, 0x00 to 0xff and "
                + String.join(", ", names));
    }

    /** Whether this command is one of them; counts it. */
    public boolean selects(Command command, Chance chance) {
        if (!concerns(command)
                || every > 1 && touched.incrementAndGet() % every != 0
                || probability < 1 && chance.fraction() >= probability) {
            return false;
        }
        return count == null || selected.get() < count && selected.incrementAndGet() <= count;
    }

    /** Whether this command has one of the operation codes and touches one of the blocks; counts nothing. */
    public boolean concerns(Command command) {
        if (anyCode && anyLba) {
            return true;
        }
        Entry entry = table.find(command);
        return hasCode(command, entry) && (anyLba || lba(command, entry) != NO_LBA);
    }

    private boolean hasCode(Command command, Entry entry) {
        return anyCode
                || codes.contains(command.opcode())
                || entries.contains(entry)
                || kinds.contains(entry == null ? Kind.OTHER : entry.kind());
    }

    /** The first block of the command that is one of these; {@link #NO_LBA} if there is none. */
    public long lba(Command command) {
        return lba(command, table.find(command));
    }

    private long lba(Command command, Entry entry) {
        if (entry == null || !entry.isRanged()) {
            return NO_LBA;
        }
        long lba = entry.lba(command);
        long blocks = entry.blocks(command);
        if (lba < 0 || blocks <= 0) { // a negative one is beyond any unit's end
            return NO_LBA;
        }
        if (anyLba) {
            return lba;
        }
        boolean touches = lba <= last && (lba >= first || blocks > first - lba);
        return touches ? Math.max(lba, first) : NO_LBA;
    }

    /** Whether a block is one of the command's and one of these. */
    public boolean reaches(Command command, Entry entry, long block) {
        return block - entry.lba(command) < entry.blocks(command) && (anyLba || block <= last);
    }
}
