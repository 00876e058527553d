package org.lunette.scsi.block;

import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.IsoFields;
import java.util.List;
import org.lunette.scsi.page.LogPage;
import org.lunette.scsi.page.LogParameter;
import org.lunette.scsi.page.PageBuffer;
import org.lunette.store.KeptValues;

/**
 * How often a unit was started and its medium unloaded since the unit was made, and when that was: Start-Stop Cycle
 * Counter log page, SPC-5. Where values are kept, a unit is made when it is started for the first time; elsewhere each
 * start makes another one. Nobody has said how many cycles it is made for, so that is left out. Any thread may call.
 */
public final class StartStopCycles {
    private static final String KEPT = "start-stop-cycles";
    private static final int KEPT_BYTES = 16;
    private static final int DATE_BYTES = 6;
    private static final long MOST = 0xffff_ffffL;

    private final KeptValues kept;
    private final long madeMs;
    private final long starts;
    private long unloads;

    /**
     * Counts a start.
     *
     * @throws IllegalArgumentException if what was kept are no such counts
     */
    public StartStopCycles(KeptValues kept, Clock clock) {
        this.kept = kept;
        byte[] image = kept.load(KEPT);
        if (image != null && image.length != KEPT_BYTES) {
            throw new IllegalArgumentException(kept.place(KEPT) + " has no counts of starts. Remove it to count anew");
        }
        ByteBuffer counts = image == null ? null : ByteBuffer.wrap(image);
        this.madeMs = counts == null ? clock.millis() : counts.getLong();
        this.starts = counts == null ? 1 : next(counts.getInt());
        this.unloads = counts == null ? 0 : counts.getInt() & MOST;
        save();
    }

    private static long next(int count) {
        return Math.min(MOST, (count & MOST) + 1);
    }

    /** The medium was unloaded. */
    synchronized void unloaded() {
        unloads = next((int) unloads);
        save();
    }

    private void save() {
        if (kept.keeps()) {
            ByteBuffer image = ByteBuffer.allocate(KEPT_BYTES);
            image.putLong(madeMs).putInt((int) starts).putInt((int) unloads);
            kept.save(KEPT, image.array(), (status, errorOffsetBytes) -> {}); // who keeps it logs a failure
        }
    }

    /** The declaration of the log page. */
    public LogPage page() {
        return LogPage.ofLists(
                0x0e,
                "Start-Stop Cycle Counter",
                List.of(
                        LogParameter.text(0x0001, this::dateOfManufacture),
                        LogParameter.text(0x0002, to -> to.ascii("", DATE_BYTES)), // no accounting date was set
                        LogParameter.list(0x0004, to -> to.put32(starts)),
                        LogParameter.list(0x0006, to -> to.put32(unloads()))));
    }

    /** Year and week. */
    private void dateOfManufacture(PageBuffer to) {
        LocalDate date = LocalDate.ofInstant(Instant.ofEpochMilli(madeMs), ZoneOffset.UTC);
        int year = date.get(IsoFields.WEEK_BASED_YEAR);
        to.ascii(String.format("%04d%02d", year, date.get(IsoFields.WEEK_OF_WEEK_BASED_YEAR)), DATE_BYTES);
    }

    private synchronized long unloads() {
        return unloads;
    }
}
