package org.lunette.benchmarks.compare;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** Runs a load on a server for some time. */
final class Run {
    private static final Pattern PERF = Pattern.compile("iops average (\\d+)");
    private static final Pattern BENCH = Pattern.compile("Run completed in ([0-9.]+) seconds");
    /** What is tried first of a tool that wants a number of commands, not a time. */
    private static final int FIRST_COUNT = 2000;

    private final int seconds;
    private final Map<String, Double> lastRates = new HashMap<>();

    Run(int seconds) {
        this.seconds = seconds;
    }

    /** Commands per second. */
    double measure(Server server, Load load) throws IOException, InterruptedException {
        return load.tool() == Load.Tool.ISCSI_PERF ? iscsiPerf(server, load) : qemuImg(server, load);
    }

    /** It runs until it is interrupted, and tells its average every second. */
    private double iscsiPerf(Server server, Load load) throws IOException, InterruptedException {
        List<String> commandLine = new ArrayList<>(List.of("timeout", "-s", "INT", "" + seconds, "iscsi-perf"));
        commandLine.addAll(List.of("-m", "" + load.depth(), "-b", "" + load.blockBytes() / 512, "-t", "9999"));
        if (load.isRandom()) {
            commandLine.add("-r");
        }
        commandLine.add(server.url());
        String said;
        try (Programs.Started program = Programs.start(commandLine)) {
            program.process().waitFor();
            said = program.said();
        }
        return PERF.matcher(said)
                .results()
                .map(result -> Double.parseDouble(result.group(1)))
                .reduce((first, last) -> last)
                .orElseThrow(() -> new IllegalStateException(server.name() + ", " + load.name() + ":\n" + said));
    }

    private double qemuImg(Server server, Load load) throws IOException, InterruptedException {
        String key = server.name() + load.name();
        double expected = lastRates.getOrDefault(key, 0.0);
        int count = (int) Math.max(FIRST_COUNT, Math.min(Integer.MAX_VALUE, expected * seconds));
        List<String> commandLine = new ArrayList<>(List.of("qemu-img", "bench", "-f", "raw", "-t", "none"));
        commandLine.addAll(List.of("-c", "" + count, "-d", "" + load.depth(), "-s", "" + load.blockBytes()));
        if (load.writes()) {
            commandLine.add("-w");
        }
        commandLine.add(server.url());
        String said = Programs.run(commandLine, 30 + 20 * seconds);
        MatchResult result = BENCH.matcher(said)
                .results()
                .findFirst()
                .orElseThrow(() -> new IllegalStateException(server.name() + ", " + load.name() + ":\n" + said));
        double rate = count / Math.max(1e-3, Double.parseDouble(result.group(1)));
        lastRates.put(key, rate);
        return rate;
    }
}
