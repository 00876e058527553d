package org.lunette.benchmarks.compare;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** What was measured, round by round. */
final class Results {
    private final List<Load> loads;
    private final List<String> servers;
    private final Map<List<Object>, List<Double>> rates = new HashMap<>();

    /** @param servers their names; the first is what the others are compared with */
    Results(List<Load> loads, List<String> servers) {
        this.loads = loads;
        this.servers = servers;
    }

    List<Load> loads() {
        return loads;
    }

    List<String> servers() {
        return servers;
    }

    /** One more round's commands per second. */
    void add(Load load, String server, double rate) {
        rates.computeIfAbsent(List.of(load, server), key -> new ArrayList<>()).add(rate);
    }

    boolean has(Load load, String server) {
        return rates.containsKey(List.of(load, server));
    }

    /** Commands per second, of the rounds in the middle. */
    double median(Load load, String server) {
        return median(of(load, server));
    }

    /** The ratio to the first server, of each round by itself: what disturbs a round disturbs both. */
    double[] ratios(Load load, String server) {
        double[] own = of(load, server);
        double[] first = of(load, servers.get(0));
        return IntStream.range(0, own.length)
                .mapToDouble(round -> own[round] / first[round])
                .sorted()
                .toArray();
    }

    private double[] of(Load load, String server) {
        return rates.get(List.of(load, server)).stream()
                .mapToDouble(Double::doubleValue)
                .toArray();
    }

    static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
