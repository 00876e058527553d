package org.lunette.it.client;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lunette.command.Nexus;
import org.lunette.it.support.JavaRuntime;
import org.lunette.it.support.LunetteServer;
import org.lunette.scsi.Seed;
import org.lunette.scsi.reservation.ActionResult;
import org.lunette.scsi.reservation.RegisterRequest;
import org.lunette.scsi.reservation.Registration;
import org.lunette.scsi.reservation.ReservationState;
import org.lunette.scsi.reservation.ReservationType;
import org.lunette.scsi.reservation.ServiceAction;
import org.lunette.scsi.reservation.ServiceActions;

/**
 * The process dies by SIGKILL, again and again, while three initiators change reservations that persist. After each
 * restart the state is one to which the acknowledged commands lead, and perhaps some of those that were under way.
 */
class ReservationStormIT {
    private static final int ROUNDS = Integer.getInteger("lunette.rounds", 25);
    private static final int INITIATORS = 3;
    private static final int LONGEST_STORM_MS = 200;
    private static final ReservationState NOTHING = new ReservationState(List.of(), 0, null, null, false);

    /** A command of the storm, as it is sent and as it is understood. */
    private record Sent(int action, int type, long key, long actionKey, boolean persists, ServiceAction meaning) {}

    private final Random random = new Random(Seed.OF_THIS_RUN);
    /** What may be there: more than one where commands were under way side by side. */
    private List<ReservationState> possible = List.of(NOTHING);

    private int batches;

    @Test
    void whatWasAcknowledgedIsThereAfterSigkill(@TempDir Path state) throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            String where = "seed " + Seed.OF_THIS_RUN + ", round " + round;
            LunetteServer server = LunetteServer.start(
                    JavaRuntime.ofTheTests(),
                    "serve",
                    "--listen",
                    "127.0.0.1:0",
                    "--state",
                    state.toString(),
                    "d=ram:1M");
            storm(server, where);
            server.awaitEnd();
        }
        System.out.println(ROUNDS + " rounds, " + batches + " batches of commands");
        assertTrue(batches > ROUNDS, "hardly a command came through");
    }

    private void storm(LunetteServer server, String where) throws Exception {
        List<StormInitiator> initiators = new ArrayList<>();
        for (int number = 0; number < INITIATORS; number++) {
            initiators.add(new StormInitiator(server.port(), number));
        }
        possible = possible.stream().map(ReservationStormIT::afterRestart).toList();
        observe(initiators.get(0), where + ", restarted");
        int stormMs = random.nextInt(LONGEST_STORM_MS);
        Thread killer = new Thread(() -> {
            sleepMs(stormMs);
            server.process().destroyForcibly();
        });
        killer.start();
        try {
            while (true) {
                batch(initiators);
                observe(initiators.get(random.nextInt(INITIATORS)), where);
                batches++;
            }
        } catch (SocketTimeoutException e) {
            throw new AssertionError(where + ": no answer", e);
        } catch (IOException | UncheckedIOException e) {
            // It is dead.
        } finally {
            killer.join();
        }
        for (StormInitiator one : initiators) {
            one.close();
        }
    }

    private static void sleepMs(int ms) {
        try {
            TimeUnit.MILLISECONDS.sleep(ms);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static ReservationState afterRestart(ReservationState before) {
        return before.persists() ? before : NOTHING;
    }

    /** One command of each initiator, side by side. */
    private void batch(List<StormInitiator> initiators) throws IOException {
        List<Sent> maybe = new ArrayList<>();
        List<Sent> surely = new ArrayList<>();
        ReservationState known = possible.get(0);
        try {
            for (StormInitiator one : initiators) {
                Sent sent = any(one.nexus(), known);
                maybe.add(sent);
                one.startReserveOut(sent.action, sent.type, sent.key, sent.actionKey, sent.persists);
            }
            List<Sent> all = List.copyOf(maybe);
            for (int i = 0; i < INITIATORS; i++) {
                boolean done = initiators.get(i).answer().status() != StormInitiator.CHECK_CONDITION;
                maybe.remove(all.get(i)); // a unit attention came instead of it
                if (done) {
                    surely.add(all.get(i));
                }
            }
        } finally {
            List<ReservationState> next = new ArrayList<>();
            possible.forEach(from -> lead(from, surely, maybe, next));
            possible = next;
        }
    }

    /** Where commands lead in any order: all of those that were done, and any of those that may have been. */
    private static void lead(ReservationState from, List<Sent> surely, List<Sent> maybe, List<ReservationState> to) {
        if (surely.isEmpty()) {
            to.add(from);
        }
        for (List<Sent> of : List.of(surely, maybe)) {
            for (Sent one : of) {
                ActionResult result = one.meaning.on(from);
                List<Sent> otherSurely = without(surely, one);
                List<Sent> otherMaybe = without(maybe, one);
                lead(result.next() == null ? from : result.next(), otherSurely, otherMaybe, to);
            }
        }
    }

    private static List<Sent> without(List<Sent> all, Sent one) {
        return all.stream().filter(other -> other != one).toList();
    }

    private Sent any(Nexus nexus, ReservationState known) {
        Registration mine = known.of(nexus);
        long key = mine == null ? 0 : mine.key();
        long other = 1 + random.nextInt(4);
        ReservationType type = ReservationType.values()[random.nextInt(ReservationType.values().length)];
        boolean persists = random.nextInt(8) > 0;
        return switch (random.nextInt(mine == null ? 2 : 7)) {
            case 0 -> register(nexus, 6, key, other, persists);
            case 1 -> register(nexus, 0, key, random.nextInt(4) == 0 ? 0 : other, persists);
            case 2, 3 -> of(1, type, key, 0, ServiceActions.reserve(nexus, key, type));
            case 4 -> {
                ReservationType held = known.type() == null ? type : known.type();
                yield of(2, held, key, 0, ServiceActions.release(nexus, key, held));
            }
            case 5 -> of(4, type, key, other, ServiceActions.preempt(nexus, key, other, type));
            default ->
                random.nextInt(3) == 0
                        ? of(3, type, key, 0, ServiceActions.clear(nexus, key))
                        : of(4, type, key, 0, ServiceActions.preempt(nexus, key, 0, type));
        };
    }

    private static Sent register(Nexus nexus, int action, long key, long newKey, boolean persists) {
        RegisterRequest request = new RegisterRequest(nexus, List.of(), null, key, newKey, action == 6, persists);
        return new Sent(action, 0, key, newKey, persists, ServiceActions.register(request));
    }

    private static Sent of(int action, ReservationType type, long key, long actionKey, ServiceAction meaning) {
        return new Sent(action, type.code(), key, actionKey, false, meaning);
    }

    /** Looks at what is there, which must be possible; only that remains possible. */
    private void observe(StormInitiator by, String where) throws IOException {
        String seen = described(by.readFullStatus());
        List<ReservationState> same = possible.stream()
                .filter(one -> described(one).equals(seen))
                .distinct()
                .toList();
        assertTrue(
                !same.isEmpty(),
                () -> where + ": there is\n" + seen + "\nand not one of\n"
                        + possible.stream()
                                .map(ReservationStormIT::described)
                                .distinct()
                                .toList());
        possible = same;
    }

    private static String described(ReservationState state) {
        TreeSet<String> lines = new TreeSet<>();
        for (Registration one : state.registrations()) {
            boolean holds = state.holds(one);
            lines.add(one.nexus().initiatorPort() + " " + one.key()
                    + (holds ? " holds " + state.type().code() : ""));
        }
        return lines.toString();
    }

    private static String described(byte[] fullStatus) {
        TreeSet<String> lines = new TreeSet<>();
        ByteBuffer data = ByteBuffer.wrap(fullStatus);
        for (int at = 8; at < data.limit(); at += 24 + data.getInt(at + 20)) {
            int nameBytes = data.getInt(at + 20) - 4;
            String name = new String(fullStatus, at + 28, nameBytes, StandardCharsets.UTF_8).replace("\0", "");
            boolean holds = (data.get(at + 12) & 1) != 0;
            lines.add(name + " " + data.getLong(at) + (holds ? " holds " + data.get(at + 13) : ""));
        }
        return lines.toString();
    }
}
