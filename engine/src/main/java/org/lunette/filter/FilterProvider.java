package org.lunette.filter;

import java.util.Set;

/** Makes filters of one kind; found by {@link java.util.ServiceLoader}. */
public interface FilterProvider {
    /** The name of the kind, with which a filter's specification begins. */
    String kind();

    /** One line of help: the options, and after {@code " - "} what the filter does. */
    String usage();

    /** The options that it takes, beside those that every filter takes; see {@link Filter}. */
    Set<String> options();

    /** Makes a filter, which is tuned by its specification before it is used. */
    Filter create(FilterSite site);
}
