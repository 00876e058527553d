package org.lunette.it.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.lunette.it.support.LunetteServer;
import org.lunette.it.support.Program;
import org.lunette.it.support.Requirements;

/** What was written is read again, by QEMU's block layer: odd places, large transfers, several sessions at once. */
class PatternsIT {

    private static final Duration TIMEOUT = Duration.ofMinutes(2);
    private static final long GIB = 1L << 30;
    private static final long MIB = 1L << 20;

    @Test
    void patternsAtOddOffsetsAndAcrossTwoAndFourGibibytes() {
        try (LunetteServer server = LunetteServer.serve("big=ram:5G")) {
            String url = server.url(0);
            Client.qemuIo(
                    url,
                    write(0x11, 0, 512),
                    write(0x22, 3 * 512, 7 * 512),
                    write(0x33, MIB - 512, 2 * MIB + 512),
                    write(0x44, 2 * GIB - 1536, 4096),
                    write(0x55, 4 * GIB - 512, 65536),
                    write(0x66, 5 * GIB - 8192, 8192),
                    write(0x77, 16 * MIB + 100, 1000),
                    "flush");
            Client.qemuIo( // another session
                    url,
                    read(0x11, 0, 512),
                    read(0x00, 512, 1024),
                    read(0x22, 3 * 512, 7 * 512),
                    read(0x33, MIB - 512, 2 * MIB + 512),
                    read(0x00, 3 * MIB, 4 * MIB),
                    read(0x00, 2 * GIB - 2048, 512),
                    read(0x44, 2 * GIB - 1536, 4096),
                    read(0x00, 2 * GIB + 2560, 512),
                    read(0x55, 4 * GIB - 512, 65536),
                    read(0x66, 5 * GIB - 8192, 8192),
                    read(0x77, 16 * MIB + 100, 1000),
                    read(0x00, 16 * MIB, 100),
                    read(0x00, 16 * MIB + 1100, 100));
        }
    }

    @Test
    void largeTransfersInManyPieces() {
        try (LunetteServer server = LunetteServer.serve("disk=ram:256M")) {
            Client.qemuIo(server.url(0), write(0xa5, 512, 64 * MIB), read(0xa5, 512, 64 * MIB), read(0, 0, 512));
        }
    }

    @Test
    void aPatternThatIsNotThereIsNoticed() {
        try (LunetteServer server = LunetteServer.serve("disk=ram:1M")) {
            Program.Outcome outcome = Client.qemuIoProgram(server.url(0), write(1, 0, 512), read(2, 0, 512))
                    .run(TIMEOUT);
            assertTrue(outcome.exitStatus() != 0, "this test's own eyes are shut: " + outcome.output());
        }
    }

    @Test
    void fourSessionsAtOnceOnTwoLogicalUnits() throws Exception {
        try (LunetteServer server = LunetteServer.serve("one=ram:128M", "two=ram:128M")) {
            List<Program> sessions = new ArrayList<>();
            for (int session = 0; session < 4; session++) {
                List<String> commands = new ArrayList<>();
                long half = session / 2 * 64 * MIB;
                for (int round = 0; round < 16; round++) {
                    int pattern = 16 * session + round + 1;
                    commands.add(write(pattern, half + round * 4 * MIB, 4 * MIB));
                    commands.add(read(pattern, half + round * 4 * MIB, 4 * MIB));
                }
                sessions.add(Client.qemuIoProgram(server.url(session % 2), commands.toArray(String[]::new)));
            }
            runAtOnce(sessions).forEach(Program.Outcome::orFail);

            for (int lun = 0; lun < 2; lun++) {
                Client.qemuIo(
                        server.url(lun), read(16 * lun + 1, 0, 4 * MIB), read(16 * (lun + 2) + 16, 124 * MIB, 4 * MIB));
            }
        }
    }

    @Test
    void twoLoadsAtOnceOnOneLogicalUnit() throws Exception {
        Requirements.programs("iscsi-perf");
        try (LunetteServer server = LunetteServer.serve("disk=ram:256M")) {
            List<Program> loads = new ArrayList<>();
            for (int load = 0; load < 2; load++) {
                loads.add(Program.of(
                        "iscsi-perf",
                        "-i",
                        "iqn.2026-11.org.lunette.test:load" + load,
                        "-m",
                        "32",
                        "-b",
                        "8",
                        "-t",
                        "3",
                        "-r",
                        server.url(0)));
            }
            for (Program.Outcome outcome : runAtOnce(loads)) {
                outcome.orFail();
                String said = outcome.output();
                Matcher rate = Pattern.compile("iops average (\\d+)[^\r\n]*").matcher(said);
                assertTrue(rate.find(), said);
                System.out.println("iscsi-perf, 4 KiB random reads, one of two sessions: " + rate.group());
                assertEquals(-1, said.indexOf("failed"), said);
            }
        }
    }

    private static List<Program.Outcome> runAtOnce(List<Program> programs)
            throws InterruptedException, ExecutionException {
        ExecutorService threads = Executors.newFixedThreadPool(programs.size());
        try {
            List<Future<Program.Outcome>> running = new ArrayList<>();
            for (Program program : programs) {
                running.add(threads.submit(() -> program.run(TIMEOUT)));
            }
            List<Program.Outcome> outcomes = new ArrayList<>();
            for (Future<Program.Outcome> one : running) {
                outcomes.add(one.get());
            }
            return outcomes;
        } finally {
            threads.shutdownNow();
        }
    }

    private static String write(int pattern, long offset, long length) {
        return "write -q -P " + pattern + " " + offset + " " + length;
    }

    private static String read(int pattern, long offset, long length) {
        return "read -q -P " + pattern + " " + offset + " " + length;
    }
}
