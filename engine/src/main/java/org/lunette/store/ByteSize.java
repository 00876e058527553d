package org.lunette.store;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Sizes as people write them: {@code 512}, {@code 64M}, {@code 1G}, {@code 2TiB}; multiples of 1024. */
public final class ByteSize {
    private static final Pattern FORM = Pattern.compile("(\\d{1,18})([KMGTPE]?)(I?B)?", Pattern.CASE_INSENSITIVE);
    private static final String UNITS = "KMGTPE";

    private ByteSize() {}

    /**
     * Parses a size to bytes.
     *
     * @throws StoreException if it is no size, or more than 2^63 - 1
     */
    public static long parse(String text) throws StoreException {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            throw new StoreException(
                    "'" + text + "' is not a size: write a number with K, M, G, T or P, such as 64M or 1G");
        }
        long number = Long.parseLong(matcher.group(1));
        String unit = matcher.group(2).toUpperCase(Locale.ROOT);
        int shift = unit.isEmpty() ? 0 : 10 * (UNITS.indexOf(unit) + 1);
        if (number > Long.MAX_VALUE >> shift) {
            throw new StoreException("'" + text + "' is more than a store can have");
        }
        return number << shift;
    }

    /** A size in the largest unit that divides it: {@code 1 GiB}, {@code 1536 MiB}, {@code 513 bytes}. */
    public static String format(long bytes) {
        int unit = bytes == 0 ? 0 : Math.min(UNITS.length(), Long.numberOfTrailingZeros(bytes) / 10);
        return unit == 0 ? bytes + " bytes" : (bytes >> 10 * unit) + " " + UNITS.charAt(unit - 1) + "iB";
    }
}
