package org.lunette.benchmarks.compare;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** tgt (package {@code tgt}), with a file. Needs to be root. */
final class TgtServer implements Server {
    private static final String TARGET = "iqn.2026-11.org.lunette:compare";
    /** Which of the tgtd processes of this machine is meant: not the administrator's, which is 0. */
    private static final String CONTROL_PORT = "77";

    private final Programs.Started daemon;
    private final int port;

    private TgtServer(Programs.Started daemon, int port) {
        this.daemon = daemon;
        this.port = port;
    }

    static TgtServer start(Path file, int port) throws IOException, InterruptedException {
        Programs.Started daemon =
                Programs.start(List.of("tgtd", "-f", "-C", CONTROL_PORT, "--iscsi", "portal=127.0.0.1:" + port));
        TgtServer server = new TgtServer(daemon, port);
        try {
            daemon.awaitThat(server::answers);
            admin("--mode target --op new --tid 1 --targetname " + TARGET);
            admin("--mode logicalunit --op new --tid 1 --lun 1 --backing-store " + file);
            admin("--mode target --op bind --tid 1 --initiator-address ALL");
            return server;
        } catch (IOException | InterruptedException | RuntimeException e) {
            server.close();
            throw e;
        }
    }

    private boolean answers() {
        try {
            admin("--mode target --op show");
            return true;
        } catch (IllegalStateException | IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static void admin(String arguments) throws IOException, InterruptedException {
        List<String> commandLine = new ArrayList<>(List.of("tgtadm", "-C", CONTROL_PORT, "--lld", "iscsi"));
        commandLine.addAll(Arrays.asList(arguments.split(" ")));
        Programs.run(commandLine, 10);
    }

    @Override
    public String name() {
        return "tgt, file";
    }

    @Override
    public String url() {
        return "iscsi://127.0.0.1:" + port + "/" + TARGET + "/1";
    }

    /** It ends by a signal only after its targets are gone. */
    @Override
    public void close() {
        daemon.process().destroyForcibly();
        daemon.close();
    }
}
