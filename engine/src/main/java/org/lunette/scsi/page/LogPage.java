package org.lunette.scsi.page;

import java.util.List;

/**
 * A log page; SPC-5, 7.3. Immutable; what its parameters say is not.
 *
 * @param code the PAGE CODE
 * @param subpage the SUBPAGE CODE; 0 for the page itself
 * @param name as in the standard
 * @param parameters by ascending parameter code
 * @param reset sets the counters among them to 0; does nothing where there are none
 */
public record LogPage(int code, int subpage, String name, List<LogParameter> parameters, Runnable reset) {
    /** A page of lists, of which nothing can be reset. */
    public static LogPage ofLists(int code, String name, List<LogParameter> parameters) {
        return new LogPage(code, 0, name, parameters, () -> {});
    }

    /** Whether a parameter counts, and so has values beside the current one. */
    public boolean counts() {
        return parameters.stream().anyMatch(LogParameter::counts);
    }
}
