package org.lunette.frontend.iscsi.session;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.lunette.frontend.iscsi.pdu.LoginRequest.FULL_FEATURE_PHASE;
import static org.lunette.frontend.iscsi.pdu.LoginRequest.OPERATIONAL_NEGOTIATION;
import static org.lunette.frontend.iscsi.pdu.LoginRequest.SECURITY_NEGOTIATION;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.lunette.frontend.iscsi.chap.BinaryValue;
import org.lunette.frontend.iscsi.chap.ChapAlgorithm;
import org.lunette.frontend.iscsi.chap.ChapSecret;
import org.lunette.frontend.iscsi.chap.ChapUser;
import org.lunette.frontend.iscsi.chap.ChapUsers;
import org.lunette.frontend.iscsi.pdu.LoginStatus;
import org.lunette.frontend.iscsi.pdu.Opcode;

/** CHAP at login, from its steps to its attackers; RFC 7143, 12.1.3 and 9.2.1. */
class ChapLoginTest {
    private static final ChapUser ALICE = user("iqn.2026-11.org.example:alice", "alice's own secret");
    private static final ChapUser HEX = user("0x616c696365", "one named like a number");
    private static final ChapUser SELF = user("lunette", "the target's own secret");
    private static final ChapUsers USERS = new ChapUsers(List.of(ALICE, HEX), Optional.of(SELF));
    private static final String NAMES = "InitiatorName=" + Initiator.NAME + "\0TargetName=" + Initiator.TARGET;
    private static final String CHALLENGE = "CHAP_C=0x" + "5a".repeat(16);

    private final Bench bench = new Bench(USERS);
    private final ChapInitiator initiator = new ChapInitiator(bench);

    private static ChapUser user(String name, String secret) {
        return new ChapUser(name, new ChapSecret(secret.getBytes(StandardCharsets.US_ASCII)));
    }

    @ParameterizedTest
    @CsvSource({"'5', 16", "'6,5', 20", "'7,6,5', 32", "'8,7,6,5', 32", "'1,9,8', 32"})
    void aUserLogsInByEachAlgorithm(String algorithms, int bytes) {
        initiator.begin().challenged(algorithms);
        assertEquals(bytes, initiator.challenge().length);
        initiator.respond(ALICE);
        assertEquals(Map.of(), initiator.answer(true), "who has not asked is told nothing");
        assertEquals(0, bench.group.sessionCount());
        bench.initiator.send(bench.initiator.login(true, OPERATIONAL_NEGOTIATION, FULL_FEATURE_PHASE));
        assertTrue(bench.next(Opcode.LOGIN_RESPONSE).login().isTransit());
        assertEquals(1, bench.group.sessionCount());
        assertEquals(0, bench.groups.challenges().waiting());
    }

    @Test
    void straightFromTheSecurityStageToFullFeaturePhase() {
        initiator.begin().challenged("5");
        bench.initiator.send(
                bench.initiator.login(true, SECURITY_NEGOTIATION, FULL_FEATURE_PHASE),
                Initiator.text(
                        "CHAP_N=" + ALICE.name(), "CHAP_R=" + BinaryValue.hexadecimal(initiator.responseOf(ALICE))));
        assertEquals(
                FULL_FEATURE_PHASE, bench.next(Opcode.LOGIN_RESPONSE).login().nextStage());
        assertEquals(1, bench.group.sessionCount());
    }

    @Test
    void theTargetProvesItselfToo() {
        initiator.begin().challenged("7");
        initiator.respond(ALICE, "CHAP_I=200", CHALLENGE);
        Map<String, String> keys = initiator.answer(true);
        assertEquals(Set.of("CHAP_N", "CHAP_R"), keys.keySet());
        assertEquals(SELF.name(), keys.get("CHAP_N"));
        byte[] challenge = BinaryValue.decode(CHALLENGE.substring(7), 16, 16).orElseThrow();
        assertArrayEquals(
                ChapAlgorithm.SHA256.response(200, SELF.secret(), challenge),
                BinaryValue.decode(keys.get("CHAP_R"), 32, 32).orElseThrow());
    }

    @Test
    void aTargetWithoutUserOfItsOwnCannotProveItself() {
        Bench plain = new Bench(new ChapUsers(List.of(ALICE), Optional.empty()));
        ChapInitiator asking = new ChapInitiator(plain).begin().challenged("5");
        asking.respond(ALICE, "CHAP_I=1", CHALLENGE);
        asking.assertNotAuthenticated();
    }

    @Test
    void valuesMayBeInBase64() {
        initiator.begin().challenged("5");
        initiator.send(
                true,
                "CHAP_N=" + ALICE.name(),
                "CHAP_R=0b" + Base64.getEncoder().encodeToString(initiator.responseOf(ALICE)),
                "CHAP_I=0xff",
                "CHAP_C=0b" + Base64.getEncoder().encodeToString(new byte[20]));
        assertArrayEquals(
                ChapAlgorithm.MD5.response(255, SELF.secret(), new byte[20]),
                BinaryValue.decode(initiator.answer(true).get("CHAP_R"), 16, 16).orElseThrow());
    }

    @Test
    void aNameThatLooksLikeANumberIsAName() {
        initiator.begin().challenged("5");
        initiator.respond(HEX);
        initiator.answer(true);
    }

    @Test
    void challengesAreNeverTheSame() {
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < 100; i++) {
            Bench other = new Bench(bench);
            ChapInitiator one = new ChapInitiator(other).begin().challenged("5");
            assertTrue(seen.add(BinaryValue.hexadecimal(one.challenge())));
            other.disconnect();
        }
        assertEquals(0, bench.groups.challenges().waiting(), "nothing is left of logins that were given up");
    }

    @Test
    void anUnknownUserAndAWrongSecretLookAlike() {
        for (ChapUser wrong : List.of(user("nobody", "alice's own secret"), user(ALICE.name(), "not alice's secret"))) {
            Bench other = new Bench(bench);
            ChapInitiator one = new ChapInitiator(other).begin().challenged("5");
            one.respond(wrong, "CHAP_I=1", CHALLENGE);
            one.assertNotAuthenticated();
        }
    }

    @Test
    void aFailedLoginWaitsForItsAnswerAndTakesNothingElse() {
        initiator.begin().challenged("5");
        initiator.respond(user(ALICE.name(), "not alice's secret"));
        bench.connection.tick(5000);
        bench.connection.tick(5999);
        initiator.respond(ALICE);
        bench.initiator.testUnitReady(0);
        bench.assertSilent();
        bench.connection.tick(6000);
        initiator.assertFails(LoginStatus.AUTHENTICATION_FAILURE);
        bench.connection.tick(7000);
        bench.assertSilent();
        assertTrue(bench.device.nexuses.isEmpty());
    }

    @Test
    void ourOwnChallengeIsNotAnswered() {
        initiator.begin().challenged("5");
        initiator.respond(ALICE, "CHAP_I=1", "CHAP_C=" + BinaryValue.hexadecimal(initiator.challenge()));
        initiator.assertNotAuthenticated();
    }

    @Test
    void theChallengeOfAnotherConnectionIsNotAnswered() {
        Bench other = new Bench(bench);
        ChapInitiator victim = new ChapInitiator(other).begin().challenged("5");
        initiator.begin().challenged("5");
        initiator.respond(ALICE, "CHAP_I=1", "CHAP_C=0b" + Base64.getEncoder().encodeToString(victim.challenge()));
        initiator.assertNotAuthenticated();
        victim.respond(ALICE);
        victim.answer(true);
    }

    @ParameterizedTest
    @ValueSource(strings = {"None", "KRB5", "", "chap", "Reject", "KRB5,None"})
    void nothingButChapIsEnough(String methods) {
        initiator.send(true, NAMES, "AuthMethod=" + methods);
        initiator.assertNotAuthenticated();
    }

    @Test
    void theSecurityStageMayNotBeSkipped() {
        bench.initiator.logIn();
        initiator.assertNotAuthenticated();
    }

    @Test
    void theSecurityStageMayNotBeLeftWithoutAMethod() {
        initiator.send(true, NAMES);
        initiator.assertNotAuthenticated();
    }

    @Test
    void theMethodMayComeAfterTheNames() {
        initiator.send(false, NAMES);
        assertFalse(initiator.answer(false).containsKey("AuthMethod"));
        initiator.send(false, "AuthMethod=CHAP");
        assertEquals(Map.of("AuthMethod", "CHAP"), initiator.answer(false));
    }

    @Test
    void theNextStageIsNotReachedByGoingThere() {
        initiator.begin();
        bench.initiator.send(bench.initiator.login(true, OPERATIONAL_NEGOTIATION, FULL_FEATURE_PHASE));
        initiator.assertFails(LoginStatus.INITIATOR_ERROR);
    }

    @ParameterizedTest
    @ValueSource(strings = {"56", "", "05", "9", "5 ", "None"})
    void unknownAlgorithms(String algorithms) {
        initiator.begin();
        initiator.send(true, "CHAP_A=" + algorithms);
        initiator.assertNotAuthenticated();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "X-nothing=1", // no key of the step
                "CHAP_N=a", // a later step's
                "CHAP_A=5\0CHAP_N=a", // and one more
                "CHAP_A=5\0CHAP_A=5", // twice
                "AuthMethod=CHAP", // once more
                "CHAP_C=0x00\0CHAP_I=1",
            })
    void keysOtherThanThoseOfTheAlgorithmStep(String keys) {
        initiator.begin();
        initiator.send(true, keys);
        initiator.assertFails(LoginStatus.INITIATOR_ERROR);
    }

    @Test
    void chapMayNotBeginBeforeTheMethodIsAgreedOn() {
        initiator.send(true, NAMES, "AuthMethod=CHAP", "CHAP_A=5");
        initiator.assertFails(LoginStatus.INITIATOR_ERROR);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "CHAP_N=a", // CHAP_R is missing
                "CHAP_R=R", // CHAP_N is missing
                "X-nothing=1",
                "CHAP_A=5", // of the step before
                "CHAP_N=a\0CHAP_R=R\0CHAP_I=1", // a challenge without
                "CHAP_N=a\0CHAP_R=R\0CHAP_C=0x0011", // an identifier without
                "CHAP_N=a\0CHAP_R=R\0CHAP_I=256\0CHAP_C=0x0011",
                "CHAP_N=a\0CHAP_R=R\0CHAP_I=\0CHAP_C=0x0011",
                "CHAP_N=a\0CHAP_R=R\0CHAP_I=-1\0CHAP_C=0x0011",
                "CHAP_N=a\0CHAP_R=R\0CHAP_I=1\0CHAP_C=0x",
                "CHAP_N=a\0CHAP_R=R\0CHAP_I=1\0CHAP_C=17",
                "CHAP_N=a\0CHAP_R=",
                "CHAP_N=a\0CHAP_R=0x00", // too short
                "CHAP_N=a\0CHAP_R=R00", // too long
                "CHAP_N=a\0CHAP_R=R0", // odd
                "CHAP_N=a\0CHAP_R=R\0CHAP_R=R",
                "CHAP_N=a\0CHAP_R=R\0AuthMethod=None",
            })
    void keysOtherThanThoseOfTheResponseStep(String keys) {
        initiator.begin().challenged("5");
        initiator.send(true, keys.replace("=R", "=0x" + "00".repeat(16)));
        initiator.assertFails(LoginStatus.INITIATOR_ERROR);
    }

    @Test
    void oversizedValues() {
        String response = "CHAP_R=0x" + "00".repeat(16);
        for (String keys : List.of(
                "CHAP_N=" + "n".repeat(256) + "\0" + response,
                "CHAP_N=a\0CHAP_R=0x" + "00".repeat(4000),
                "CHAP_N=a\0CHAP_R=0b" + "A".repeat(8000),
                "CHAP_N=a\0" + response + "\0CHAP_I=1\0CHAP_C=0x" + "00".repeat(1025),
                "CHAP_N=a\0" + response + "\0CHAP_I=1\0CHAP_C=0b" + "AAAA".repeat(342))) {
            ChapInitiator one = new ChapInitiator(new Bench(bench)).begin().challenged("5");
            one.send(true, keys);
            one.assertFails(LoginStatus.INITIATOR_ERROR);
        }
    }

    @Test
    void theLongestChallengeIsAnswered() {
        initiator.begin().challenged("5");
        initiator.respond(ALICE, "CHAP_I=0", "CHAP_C=0x" + "00".repeat(1024));
        assertTrue(initiator.answer(true).containsKey("CHAP_R"));
    }

    @Test
    void aSecondTryOnOneConnectionIsRefused() {
        initiator.begin().challenged("5");
        initiator.send(
                false, "CHAP_N=" + ALICE.name(), "CHAP_R=" + BinaryValue.hexadecimal(initiator.responseOf(ALICE)));
        initiator.answer(false);
        initiator.respond(ALICE);
        initiator.assertFails(LoginStatus.INITIATOR_ERROR);
    }

    @Test
    void discoveryIsForTheUsersOfTheTarget() {
        bench.initiator.logInForDiscovery();
        initiator.assertNotAuthenticated();

        ChapInitiator user =
                new ChapInitiator(new Bench(bench)).beginDiscovery().challenged("5");
        user.respond(ALICE);
        user.answer(true);
    }

    @Test
    void discoveryMayHaveUsersOfItsOwn() {
        ChapUser finder = user("finder", "finds what there is");
        bench.groups.setDiscoveryUsers(new ChapUsers(List.of(finder), Optional.empty()));
        initiator.beginDiscovery().challenged("5");
        initiator.respond(ALICE);
        initiator.assertNotAuthenticated();

        ChapInitiator own = new ChapInitiator(new Bench(bench)).beginDiscovery().challenged("5");
        own.respond(finder);
        own.answer(true);

        ChapInitiator elsewhere = new ChapInitiator(new Bench(bench)).begin().challenged("5");
        elsewhere.respond(finder);
        elsewhere.assertNotAuthenticated();
    }

    @Test
    void withoutUsersChapKeysAreOutOfPlace() {
        Bench open = new Bench();
        ChapInitiator one = new ChapInitiator(open);
        one.send(true, NAMES, "CHAP_A=5");
        one.assertFails(LoginStatus.INITIATOR_ERROR);
    }
}
