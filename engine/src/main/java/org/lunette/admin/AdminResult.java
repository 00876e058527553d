package org.lunette.admin;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What a server answered.
 *
 * @param json the result as JSON on several lines, for programs
 * @param value the same as maps, lists, texts, numbers (Double) and booleans
 */
public record AdminResult(String json, Object value) {
    /** The list of objects below a key of the result; empty if there is none. */
    public List<Map<?, ?>> rows(String key) {
        return value instanceof Map<?, ?> map ? rows(map.get(key)) : List.of();
    }

    private static List<Map<?, ?>> rows(Object list) {
        if (!(list instanceof List<?> elements)) {
            return List.of();
        }
        return elements.stream()
                .filter(Map.class::isInstance)
                .<Map<?, ?>>map(element -> (Map<?, ?>) element)
                .toList();
    }

    /** What is below a key of the result, in words; empty if there is nothing. */
    public String text(String key) {
        return value instanceof Map<?, ?> map ? text(map, key) : "";
    }

    /** What is below a key of a row, in words; empty if there is nothing. */
    public static String text(Map<?, ?> row, String key) {
        Object found = row.get(key);
        if (found instanceof Double number && number == Math.rint(number)) {
            return Long.toString(number.longValue());
        }
        if (found instanceof List<?> list) {
            return list.stream().map(String::valueOf).collect(Collectors.joining(", "));
        }
        return found == null ? "" : found.toString();
    }
}
