package org.lunette.benchmarks.compare;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Compares Lunette with tgt, and nbdkit where there is one, on this machine: all are started, and loaded one after
 * another, in turns, so that what else the machine does disturbs all alike.
 */
@Command(
        name = "compare",
        mixinStandardHelpOptions = true,
        description = "Runs the same loads on Lunette, tgt and nbdkit in turns, and reports ratios. Needs to be root"
                + " (tgtd does), and iscsi-perf, qemu-img and tgtd of packages libiscsi-bin, qemu-utils, tgt.")
public final class Compare implements Callable<Integer> {
    private static final int TGT_PORT = 3270;
    private static final int LUNETTE_PORT = 3271;
    private static final int FILL_TIMEOUT_S = 300;

    @Option(names = "--jar", description = "lunette.jar; ${DEFAULT-VALUE} if not said")
    private Path jar = Path.of("engine/target/lunette.jar");

    @Option(names = "--runs", description = "how often each load is run; ${DEFAULT-VALUE} if not said")
    private int runs = 5;

    @Option(names = "--seconds", description = "for how long, each time; ${DEFAULT-VALUE} if not said")
    private int seconds = 5;

    @Option(names = "--size-mib", description = "of each disk; ${DEFAULT-VALUE} if not said")
    private int sizeMib = 256;

    @Option(names = "--folder", description = "where files lie; tmpfs best: ${DEFAULT-VALUE} if not said")
    private Path folder = Path.of("/dev/shm");

    @Option(names = "--plot", description = "a PNG file to make of the ratios")
    private Path plot;

    /** Runs the program. */
    public static void main(String[] arguments) {
        System.exit(new CommandLine(new Compare()).execute(arguments));
    }

    @Override
    public Integer call() throws Exception {
        for (String program : List.of("iscsi-perf", "qemu-img", "tgtd", "tgtadm")) {
            if (!Programs.exists(program)) {
                System.err.println("compare: there is no " + program + " on this machine");
                return 1;
            }
        }
        Path work = Files.createTempDirectory(folder, "lunette-compare");
        try {
            Report report = new Report(compare(work));
            System.out.print(report.table());
            if (plot != null) {
                report.plot(plot);
            }
        } finally {
            remove(work);
        }
        return 0;
    }

    private Results compare(Path work) throws IOException, InterruptedException {
        long sizeBytes = (long) sizeMib << 20;
        Path data = fill(work.resolve("data"), sizeBytes);
        Path ofTgt = Files.copy(data, work.resolve("tgt.img"));
        Path ofLunette = Files.copy(data, work.resolve("lunette.img"));
        List<Server> servers = new ArrayList<>();
        try (LunetteServers lunette = LunetteServers.start(jar, ofLunette, sizeBytes, LUNETTE_PORT)) {
            servers.add(TgtServer.start(ofTgt, TGT_PORT));
            servers.addAll(lunette.disks());
            if (Programs.exists("nbdkit")) {
                servers.add(NbdkitServer.start(work, sizeBytes));
            }
            for (Server server : servers) { // memory that was never written is cheaper to read
                Programs.run(
                        List.of("qemu-img", "convert", "-n", "-f", "raw", "-O", "raw", data.toString(), server.url()),
                        FILL_TIMEOUT_S);
            }
            return measure(servers);
        } finally {
            servers.forEach(Server::close);
        }
    }

    private Results measure(List<Server> servers) throws IOException, InterruptedException {
        Results results =
                new Results(Load.ALL, servers.stream().map(Server::name).toList());
        Run run = new Run(seconds);
        List<Server> order = new ArrayList<>(servers);
        for (int round = 0; round <= runs; round++) { // the first warms up, and finds the rates
            for (Load load : Load.ALL) {
                for (Server server : order) {
                    if (server.takes(load)) {
                        double rate = run.measure(server, load);
                        System.err.printf("%d of %d: %s: %s: %.0f%n", round, runs, load.name(), server.name(), rate);
                        if (round > 0) {
                            results.add(load, server.name(), rate);
                        }
                    }
                }
                Collections.rotate(order, 1);
            }
        }
        return results;
    }

    private static Path fill(Path file, long sizeBytes) throws IOException {
        byte[] piece = new byte[1 << 20];
        Random random = new Random(1);
        try (OutputStream out = Files.newOutputStream(file)) {
            for (long at = 0; at < sizeBytes; at += piece.length) {
                random.nextBytes(piece);
                out.write(piece);
            }
        }
        return file;
    }

    private static void remove(Path folder) throws IOException {
        try (Stream<Path> inside = Files.walk(folder)) {
            for (Path each : inside.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(each);
            }
        }
    }
}
