package org.lunette.benchmarks.compare;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** nbdkit (package {@code nbdkit}) with memory, over NBD: what a far simpler protocol costs. */
final class NbdkitServer implements Server {
    private final Programs.Started daemon;
    private final Path socket;

    private NbdkitServer(Programs.Started daemon, Path socket) {
        this.daemon = daemon;
        this.socket = socket;
    }

    static NbdkitServer start(Path folder, long sizeBytes) throws IOException, InterruptedException {
        Path socket = folder.resolve("nbdkit");
        NbdkitServer server = new NbdkitServer(
                Programs.start(
                        List.of("nbdkit", "--foreground", "--unix", socket.toString(), "memory", "" + sizeBytes)),
                socket);
        server.daemon.awaitThat(() -> Files.exists(socket));
        return server;
    }

    @Override
    public String name() {
        return "nbdkit, memory (NBD)";
    }

    @Override
    public String url() {
        return "nbd+unix:///?socket=" + socket;
    }

    @Override
    public boolean takes(Load load) {
        return load.tool() == Load.Tool.QEMU_IMG;
    }

    @Override
    public void close() {
        daemon.close();
    }
}
