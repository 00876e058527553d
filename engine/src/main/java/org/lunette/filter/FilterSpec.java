package org.lunette.filter;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a user wrote to name a filter, {@code KIND[,KEY[=VALUE]]...}, taken apart. Immutable.
 *
 * @param kind which filter
 * @param options in their order; one without a value maps to the empty string
 */
public record FilterSpec(String kind, Map<String, String> options) {
    private static final Pattern TIME = Pattern.compile("(\\d{1,9}(?:\\.\\d{1,9})?)(ns|us|ms|s|m)");
    private static final Pattern NUMBER = Pattern.compile("\\d{1,18}");
    private static final Pattern SIZE = Pattern.compile("(\\d{1,12})([KMG]?)");
    private static final Pattern FRACTION = Pattern.compile("(\\d{1,3}(?:\\.\\d{1,9})?)(%?)");
    private static final long MAX_TIME_NS = TimeUnit.HOURS.toNanos(1);

    /**
     * Takes a specification apart. A comma within a value is written {@code \,}.
     *
     * @throws FilterException if it has not this form
     */
    public static FilterSpec parse(String text) throws FilterException {
        String[] parts = text.split("(?<!\\\\),", 2);
        FilterSpec bare = new FilterSpec(parts[0], Map.of());
        if (parts[0].isEmpty() || parts[0].contains("=")) {
            throw new FilterException(
                    "'" + text + "' is not a filter: it has the form KIND[,KEY=VALUE]..., such as delay,time=20ms");
        }
        return parts.length == 1 ? bare : bare.with(parts[1]);
    }

    /**
     * This specification with other values for some options, {@code KEY[=VALUE][,KEY[=VALUE]]...}. {@code KEY=} without
     * a value takes an option away.
     *
     * @throws FilterException if the changes have not this form
     */
    public FilterSpec with(String changes) throws FilterException {
        Map<String, String> merged = new LinkedHashMap<>(options);
        Set<String> changed = new TreeSet<>();
        for (String part : changes.split("(?<!\\\\),", -1)) {
            int equals = part.indexOf('=');
            String key = equals < 0 ? part : part.substring(0, equals);
            if (key.isEmpty() || !changed.add(key)) {
                throw new FilterException("'" + changes + "': the option '" + part + "' is empty or given twice");
            }
            if (equals == part.length() - 1) {
                merged.remove(key);
            } else {
                merged.put(key, equals < 0 ? "" : part.substring(equals + 1).replace("\\,", ","));
            }
        }
        return new FilterSpec(kind, Collections.unmodifiableMap(merged));
    }

    /** As a user would write it. */
    public String text() {
        StringBuilder text = new StringBuilder(kind);
        options.forEach((key, value) ->
                text.append(',').append(key).append(value.isEmpty() ? "" : "=" + value.replace(",", "\\,")));
        return text.toString();
    }

    /**
     * Refuses options that a kind of filter does not know.
     *
     * @throws FilterException naming the first unknown option and those that there are
     */
    public void allowOptions(Set<String> known) throws FilterException {
        for (String key : options.keySet()) {
            if (!known.contains(key)) {
                throw wrong("there is no option '" + key + "'; there are " + String.join(", ", new TreeSet<>(known)));
            }
        }
    }

    /** Says what is wrong with this specification. */
    public FilterException wrong(String what) {
        return new FilterException("'" + text() + "': " + what);
    }

    /** Whether an option is there. */
    public boolean has(String option) {
        return options.containsKey(option);
    }

    /** The value of an option, or another if it is not there. */
    public String value(String option, String otherwise) {
        return options.getOrDefault(option, otherwise);
    }

    /**
     * Whether an option that takes no value is there.
     *
     * @throws FilterException if it has a value
     */
    public boolean flag(String option) throws FilterException {
        if (!value(option, "").isEmpty()) {
            throw wrong("the option '" + option + "' takes no value: write it or leave it out");
        }
        return has(option);
    }

    /**
     * A whole number from {@code least} on.
     *
     * @throws FilterException if the option's value is none
     */
    public long number(String option, long least, long otherwise) throws FilterException {
        if (!has(option)) {
            return otherwise;
        }
        String value = value(option, "");
        if (!NUMBER.matcher(value).matches() || Long.parseLong(value) < least) {
            throw wrong(option + "=" + value + " is no number from " + least + " on");
        }
        return Long.parseLong(value);
    }

    /**
     * A time in nanoseconds, at most an hour.
     *
     * @throws FilterException if the option's value is none
     */
    public long timeNs(String option, long otherwise) throws FilterException {
        if (!has(option)) {
            return otherwise;
        }
        String value = value(option, "");
        Matcher matcher = TIME.matcher(value);
        double ns = matcher.matches() ? Double.parseDouble(matcher.group(1)) * unitNs(matcher.group(2)) : -1;
        if (ns < 0 || ns > MAX_TIME_NS) {
            throw wrong(option + "=" + value + " is no time: write a number with ns, us, ms, s or m, such as 20ms,"
                    + " at most 60m");
        }
        return Math.round(ns);
    }

    private static long unitNs(String unit) {
        return switch (unit) {
            case "ns" -> 1;
            case "us" -> TimeUnit.MICROSECONDS.toNanos(1);
            case "ms" -> TimeUnit.MILLISECONDS.toNanos(1);
            case "s" -> TimeUnit.SECONDS.toNanos(1);
            default -> TimeUnit.MINUTES.toNanos(1);
        };
    }

    /**
     * A number of bytes, more than 0.
     *
     * @throws FilterException if the option's value is none
     */
    public long sizeBytes(String option, long otherwise) throws FilterException {
        if (!has(option)) {
            return otherwise;
        }
        Matcher matcher = SIZE.matcher(value(option, ""));
        long number = matcher.matches() ? Long.parseLong(matcher.group(1)) : 0;
        int shift = number == 0
                ? 0
                : 10 * ("KMG".indexOf(matcher.group(2)) + (matcher.group(2).isEmpty() ? 0 : 1));
        if (number == 0 || number > Long.MAX_VALUE >> shift) {
            throw wrong(option + "=" + value(option, "") + " is no size: write a number with K, M or G, such as 10M");
        }
        return number << shift;
    }

    /**
     * A part of the whole, {@code 0.01} or {@code 1%}.
     *
     * @throws FilterException if the option's value is none
     */
    public double fraction(String option, double otherwise) throws FilterException {
        if (!has(option)) {
            return otherwise;
        }
        Matcher matcher = FRACTION.matcher(value(option, ""));
        double fraction = matcher.matches()
                ? Double.parseDouble(matcher.group(1)) / (matcher.group(2).isEmpty() ? 1 : 100)
                : -1;
        if (fraction < 0 || fraction > 1) {
            throw wrong(option + "=" + value(option, "") + " is no probability: write 0 to 1, such as 0.01, or 1%");
        }
        return fraction;
    }
}
