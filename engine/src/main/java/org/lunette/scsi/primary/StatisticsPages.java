package org.lunette.scsi.primary;

import java.util.List;
import org.lunette.scsi.page.LogPage;
import org.lunette.scsi.page.LogParameter;
import org.lunette.scsi.page.MediumDescription;
import org.lunette.scsi.task.CommandStatistics;
import org.lunette.scsi.task.CommandStatistics.Quantity;
import org.lunette.scsi.task.CommandStatistics.Reading;
import org.lunette.scsi.task.Operation;

/**
 * The log pages that count commands: the error counters 02h, 03h and 05h, General Statistics and Performance 19h; and
 * 2Fh, which has nothing to tell. SPC-5.
 */
public final class StatisticsPages {
    private static final long INTERVAL_NS = 1_000_000;
    private static final int INTERVAL_NEGATIVE_EXPONENT = 3;
    private static final int TEMPERATURE_UNKNOWN = 0xff;

    private final CommandStatistics statistics;
    private final MediumDescription medium;

    public StatisticsPages(CommandStatistics statistics, MediumDescription medium) {
        this.statistics = statistics;
        this.medium = medium;
    }

    /** The declarations. */
    public List<LogPage> pages() {
        return List.of(
                errors(0x02, "Write Error Counters", Operation.WRITE),
                errors(0x03, "Read Error Counters", Operation.READ),
                errors(0x05, "Verify Error Counters", Operation.VERIFY),
                performance(),
                exceptions());
    }

    private LogPage errors(int code, String name, Operation operation) {
        Reading reading = statistics.reading();
        return new LogPage(
                code,
                0,
                name,
                List.of(
                        LogParameter.counter(0x0003, () -> 0), // total errors corrected: the unit corrects none
                        LogParameter.counter(
                                0x0005, () -> reading.value(operation, Quantity.BLOCKS) * medium.blockBytes()),
                        LogParameter.counter(0x0006, () -> reading.value(operation, Quantity.ERRORS))),
                reading::reset);
    }

    private LogPage performance() {
        Reading reading = statistics.reading();
        return new LogPage(
                0x19,
                0,
                "General Statistics and Performance",
                List.of(
                        LogParameter.counters(
                                0x0001,
                                () -> reading.value(Operation.READ, Quantity.COMMANDS),
                                () -> reading.value(Operation.WRITE, Quantity.COMMANDS),
                                () -> reading.value(Operation.WRITE, Quantity.BLOCKS),
                                () -> reading.value(Operation.READ, Quantity.BLOCKS),
                                () -> reading.value(Operation.READ, Quantity.TIME_NS) / INTERVAL_NS,
                                () -> reading.value(Operation.WRITE, Quantity.TIME_NS) / INTERVAL_NS,
                                () -> reading.value(Quantity.COMMANDS, Operation.READ, Operation.WRITE),
                                () -> reading.value(Quantity.TIME_NS, Operation.READ, Operation.WRITE) / INTERVAL_NS),
                        LogParameter.list(
                                0x0003,
                                to -> to.put32(INTERVAL_NEGATIVE_EXPONENT).put32(1))),
                reading::reset);
    }

    private static LogPage exceptions() {
        return LogPage.ofLists(
                0x2f,
                "Informational Exceptions",
                List.of(LogParameter.list(
                        0x0000, to -> to.zeros(2).put8(TEMPERATURE_UNKNOWN).put8(0))));
    }
}
