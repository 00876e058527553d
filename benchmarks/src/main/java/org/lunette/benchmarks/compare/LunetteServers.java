package org.lunette.benchmarks.compare;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** One Lunette that serves a RAM disk and a file. */
final class LunetteServers implements AutoCloseable {
    private static final String TARGET = "iqn.2026-11.org.lunette:target";

    private final Programs.Started process;
    private final int port;

    private LunetteServers(Programs.Started process, int port) {
        this.process = process;
        this.port = port;
    }

    static LunetteServers start(Path jar, Path file, long sizeBytes, int port)
            throws IOException, InterruptedException {
        Programs.Started process = Programs.start(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-jar",
                jar.toString(),
                "serve",
                "--listen",
                "127.0.0.1:" + port,
                "ram=ram:" + sizeBytes,
                "file=file:" + file));
        process.awaitThat(() -> process.said().contains("Ready"));
        return new LunetteServers(process, port);
    }

    /** The disks it serves; they end with this. */
    List<Server> disks() {
        return List.of(new Disk("Lunette, RAM", 0), new Disk("Lunette, file", 1));
    }

    @Override
    public void close() {
        process.close();
    }

    private final class Disk implements Server {
        private final String name;
        private final int lun;

        Disk(String name, int lun) {
            this.name = name;
            this.lun = lun;
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public String url() {
            return "iscsi://127.0.0.1:" + port + "/" + TARGET + "/" + lun;
        }

        @Override
        public void close() {}
    }
}
