package org.lunette.frontend.iscsi.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.lunette.frontend.iscsi.chap.ChapSecret;
import org.lunette.frontend.iscsi.chap.ChapUser;
import org.lunette.frontend.iscsi.chap.ChapUsers;

/** Security keys in any order, with values that are nearly right: nobody gets in, nothing is told, nothing stays. */
class HostileChapTest {
    private static final int ROUNDS = 5000;
    private static final int REQUESTS = 6;
    private static final ChapUser ALICE = user("alice", "alice's own secret");
    private static final ChapUser SELF = user("lunette", "the target's own secret");
    private static final String NAMES = "InitiatorName=" + Initiator.NAME + "\0TargetName=" + Initiator.TARGET;

    private final long seed = Long.getLong("lunette.seed", System.nanoTime());
    private final Random random = new Random(seed);
    /** What the target has sent to any connection: an attacker sends it back. */
    private final List<String> heard = new ArrayList<>(List.of("0x00"));

    private static ChapUser user(String name, String secret) {
        return new ChapUser(name, new ChapSecret(secret.getBytes(StandardCharsets.US_ASCII)));
    }

    @Test
    void nobodyGetsInByTrying() {
        System.out.println("seed " + seed);
        Bench first = new Bench(new ChapUsers(List.of(ALICE), Optional.of(SELF)));
        int challenged = 0;
        for (int round = 0; round < ROUNDS; round++) {
            String what = "seed " + seed + ", round " + round;
            Bench bench = new Bench(first);
            for (int i = 0; i < REQUESTS && !bench.transport.closed && !bench.transport.aborted; i++) {
                int stage = random.nextInt(12) == 0 ? 1 : 0;
                boolean transit = random.nextBoolean();
                bench.initiator.send(
                        bench.initiator.login(transit, stage, transit ? random.nextBoolean() ? 3 : 1 + 2 * stage : 0),
                        Initiator.text(keys(i)));
                challenged += listen(bench, what);
            }
            bench.pause();
            assertFalse(bench.transport.loggedIn, what);
            bench.disconnect();
            assertEquals(0, bench.group.sessionCount(), what);
            assertEquals(0, first.groups.challenges().waiting(), what);
        }
        assertTrue(challenged > ROUNDS / 20, challenged + " challenges: the test does not get far");
        assertTrue(first.device.nexuses.isEmpty() && first.device.lost.isEmpty());
    }

    private int listen(Bench bench, String what) {
        int challenges = 0;
        while (!bench.transport.sent.isEmpty()) {
            Map<String, String> keys = Initiator.pairs(bench.transport.next().data());
            assertFalse(keys.containsKey("CHAP_R"), "the target proves itself to somebody unknown, " + what);
            if (keys.containsKey("CHAP_C")) {
                challenges++;
                heard.add(keys.get("CHAP_C"));
            }
        }
        return challenges;
    }

    /** Mostly those of the step; each may be left out, and another may come in. */
    private String[] keys(int step) {
        List<String> keys = new ArrayList<>();
        if (step == 0 && random.nextInt(20) > 0) {
            keys.add(NAMES);
        }
        int kind = random.nextInt(8) == 0 ? random.nextInt(3) : Math.min(step, 2);
        if (kind == 0) {
            add(keys, "AuthMethod=", "CHAP", "CHAP,None", "None,CHAP", "None", "");
        } else if (kind == 1) {
            add(keys, "CHAP_A=", "5", "6,5", "8", "56", "");
        } else {
            add(keys, "CHAP_N=", ALICE.name(), "", SELF.name(), "x".repeat(300), "0x61");
            add(keys, "CHAP_R=", hash(16), hash(20), hash(32), hash(random.nextInt(40)), latest());
            if (random.nextBoolean()) {
                add(keys, "CHAP_I=", "1", "255", "256", "", "0x1f");
                add(keys, "CHAP_C=", latest(), latest(), hash(16), hash(1200), "");
            }
        }
        if (random.nextInt(30) == 0) {
            add(keys, "CHAP_A=", "5", "7", "5", "5", "5");
        }
        return keys.toArray(String[]::new);
    }

    private void add(List<String> keys, String key, String... values) {
        if (random.nextInt(25) > 0) {
            keys.add(key + values[random.nextInt(3) > 0 ? 0 : random.nextInt(values.length)]);
        }
    }

    private String hash(int bytes) {
        return random.nextBoolean() ? "0x" + "5a".repeat(bytes) : "0b" + "WlpaWlpa".repeat((bytes + 5) / 6);
    }

    private String latest() {
        return heard.get(heard.size() - 1 - random.nextInt(Math.min(heard.size(), 3)));
    }
}
