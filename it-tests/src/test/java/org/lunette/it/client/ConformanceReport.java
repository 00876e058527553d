package org.lunette.it.client;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What came of each conformance test on each of several logical units. */
final class ConformanceReport {

    /** How a test ended. The suite itself counts a skipped one as passed; this does not. */
    enum Result {
        PASSED,
        SKIPPED,
        FAILED
    }

    private final List<String> units = new ArrayList<>();
    private final Map<String, Map<String, Result>> results = new TreeMap<>();

    void add(String unit, String test, Result result) {
        if (!units.contains(unit)) {
            units.add(unit);
        }
        results.computeIfAbsent(test, name -> new TreeMap<>()).put(unit, result);
    }

    int tests() {
        return results.size();
    }

    /** The tests that failed on a unit, each with the unit. */
    List<String> failed() {
        List<String> failed = new ArrayList<>();
        results.forEach((test, byUnit) -> byUnit.forEach((unit, result) -> {
            if (result == Result.FAILED) {
                failed.add(test + " on " + unit);
            }
        }));
        return failed;
    }

    /** The tests that passed on no unit. */
    List<String> nowherePassed() {
        return results.entrySet().stream()
                .filter(test -> !test.getValue().containsValue(Result.PASSED))
                .map(Map.Entry::getKey)
                .toList();
    }

    /** A line for each test, a column for each unit. */
    String table() {
        StringBuilder table = new StringBuilder(String.format("%-42s", "iscsi-test-cu"));
        units.forEach(unit -> table.append(String.format(" %-10s", unit)));
        results.forEach((test, byUnit) -> {
            table.append(String.format("%n%-42s", test));
            units.forEach(unit -> table.append(String.format(
                    " %-10s", byUnit.containsKey(unit) ? byUnit.get(unit).name().toLowerCase() : "-")));
        });
        int nowhere = nowherePassed().size();
        return table.append(String.format(
                        "%n%d tests: %d passed without a skip on a unit at least, %d on none; %d failures",
                        tests(), tests() - nowhere, nowhere, failed().size()))
                .toString();
    }
}
