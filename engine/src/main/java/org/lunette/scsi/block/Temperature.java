package org.lunette.scsi.block;

import java.util.List;
import java.util.OptionalInt;
import org.lunette.scsi.page.LogPage;
import org.lunette.scsi.page.LogParameter;
import org.lunette.scsi.page.PageBuffer;
import org.lunette.store.Store;

/** The Temperature log page, for a store that has a sensor; SPC-5, 7.3.21. */
final class Temperature {
    private static final int CURRENT = 0x0000;
    private static final int UNKNOWN = 0xff;
    private static final int MAX_C = 0xfe;

    private Temperature() {}

    /** The declaration, if a sensor answers now: nothing is said of a temperature that nobody measures. */
    static List<LogPage> logPages(Store store) {
        if (store.temperatureC().isEmpty()) {
            return List.of();
        }
        return List.of(LogPage.ofLists(
                0x0d, "Temperature", List.of(LogParameter.list(CURRENT, to -> write(to, store.temperatureC())))));
    }

    /** The page knows no degrees below 0. */
    private static void write(PageBuffer to, OptionalInt degreesC) {
        to.put8(0).put8(degreesC.isEmpty() ? UNKNOWN : Math.min(MAX_C, Math.max(0, degreesC.getAsInt())));
    }
}
