package org.lunette.filter.error;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.lunette.filter.Filter;
import org.lunette.filter.FilterProvider;
import org.lunette.filter.FilterSite;
import org.lunette.filter.Selection;

/** Makes filters that have commands fail. */
public final class ErrorFilterProvider implements FilterProvider {
    static final String SENSE = "sense";
    static final String HEALING = "healing";
    static final String DEFERRED = "deferred";

    @Override
    public String kind() {
        return "error";
    }

    @Override
    public String usage() {
        return Selection.USAGE + "[,sense=KEY/ASC/ASCQ][,deferred][,healing] - has reads and writes, or what is said,"
                + " fail with that sense data (03/11/00, for writes 03/0C/00); 'healing': blocks that are written or"
                + " reassigned are good again, and only reads fail";
    }

    @Override
    public Set<String> options() {
        Set<String> options = new HashSet<>(Selection.OPTIONS);
        options.addAll(List.of(SENSE, HEALING, DEFERRED));
        return options;
    }

    @Override
    public Filter create(FilterSite site) {
        return new ErrorFilter(site);
    }
}
