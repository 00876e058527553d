package org.lunette.frontend.iscsi.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.lunette.frontend.iscsi.pdu.LoginRequest.FULL_FEATURE_PHASE;
import static org.lunette.frontend.iscsi.pdu.LoginRequest.OPERATIONAL_NEGOTIATION;
import static org.lunette.frontend.iscsi.pdu.LoginRequest.SECURITY_NEGOTIATION;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.lunette.frontend.iscsi.pdu.LoginRequest;
import org.lunette.frontend.iscsi.pdu.LoginResponse;
import org.lunette.frontend.iscsi.pdu.LoginStatus;
import org.lunette.frontend.iscsi.pdu.Opcode;

/** Login from its stages to its failures; RFC 7143, 6.3. */
class LoginTest {
    private static final String INITIATOR_NAME = "InitiatorName=" + Initiator.NAME;
    private static final String TARGET_NAME = "TargetName=" + Initiator.TARGET;

    private final Bench bench = new Bench();
    private final Initiator initiator = bench.initiator;

    private SentPdu answer() {
        return bench.next(Opcode.LOGIN_RESPONSE);
    }

    private void assertFails(int status) {
        LoginResponse response = answer().login();
        assertEquals(Integer.toHexString(status), Integer.toHexString(response.status()));
        assertFalse(response.isTransit());
        assertFalse(bench.transport.loggedIn);
        assertTrue(bench.transport.closed, "the connection is closed after the response");
        assertEquals(0, bench.group.sessionCount());
    }

    @ParameterizedTest
    @ValueSource(ints = {0x07, 0x1b, 0x7f, 0x85, 0x9b, 0x2028, 0x202e, 0x2066, 0xfeff})
    void whatIsPrintedOfAPeerSteersNoTerminal(int character) {
        assertEquals("a?b", Login.printable("a" + (char) character + "b"));
        assertEquals("a b é 名", Login.printable("a b é 名"));
    }

    @Test
    void straightToFullFeaturePhase() {
        initiator.cmdSn = 77;
        initiator.expStatSn = 500;
        initiator.logIn();
        LoginResponse response = bench.transport.sent.peekFirst().login();
        Map<String, String> keys = Initiator.pairs(answer().data());
        assertEquals(LoginStatus.SUCCESS, response.status());
        assertTrue(response.isTransit());
        assertEquals(OPERATIONAL_NEGOTIATION, response.currentStage());
        assertEquals(FULL_FEATURE_PHASE, response.nextStage());
        assertEquals(initiator.isid, response.isid());
        assertNotEquals(0, response.tsih());
        assertEquals(500, response.statSn());
        assertEquals(77, response.expCmdSn(), "a login is immediate");
        assertEquals(77 + 128 - 1, response.maxCmdSn());
        assertEquals("1", keys.get("TargetPortalGroupTag"));
        assertEquals("262144", keys.get("MaxRecvDataSegmentLength"));

        assertTrue(bench.transport.loggedIn);
        assertEquals(1, bench.device.nexuses.size());
        assertEquals(
                Initiator.NAME + ",i,0x00023d000001",
                bench.device.nexuses.get(0).initiatorPort());
        assertEquals(Initiator.TARGET + ",t,0x0001", bench.device.nexuses.get(0).targetPort());
        assertEquals(1, bench.device.nexuses.get(0).relativeTargetPort());
    }

    @Test
    void throughBothStages() {
        initiator.send(
                initiator.login(true, SECURITY_NEGOTIATION, OPERATIONAL_NEGOTIATION),
                Initiator.text(INITIATOR_NAME, TARGET_NAME, "SessionType=Normal", "AuthMethod=CHAP,None"));
        SentPdu first = answer();
        assertTrue(first.login().isTransit());
        assertEquals(OPERATIONAL_NEGOTIATION, first.login().nextStage());
        assertEquals(0, first.login().tsih(), "there is no session yet");
        Map<String, String> keys = Initiator.pairs(first.data());
        assertEquals(Map.of("AuthMethod", "None", "TargetPortalGroupTag", "1"), keys);

        initiator.send(initiator.login(false, OPERATIONAL_NEGOTIATION, 0), Initiator.text("MaxBurstLength=16384"));
        SentPdu second = answer();
        assertFalse(second.login().isTransit());
        assertEquals("16384", Initiator.pairs(second.data()).get("MaxBurstLength"));
        assertEquals("262144", Initiator.pairs(second.data()).get("MaxRecvDataSegmentLength"));

        initiator.send(initiator.login(true, OPERATIONAL_NEGOTIATION, FULL_FEATURE_PHASE));
        SentPdu third = answer();
        assertTrue(third.login().isTransit());
        assertEquals(0, third.data().length, "nothing is declared twice");
        assertEquals(first.login().statSn() + 2, third.login().statSn());
        assertEquals(1, bench.group.sessionCount());
    }

    @Test
    void fromSecurityStageToFullFeaturePhase() {
        initiator.send(
                initiator.login(true, SECURITY_NEGOTIATION, FULL_FEATURE_PHASE),
                Initiator.text(INITIATOR_NAME, TARGET_NAME, "AuthMethod=None"));
        assertEquals(FULL_FEATURE_PHASE, answer().login().nextStage());
        assertEquals(1, bench.group.sessionCount());
    }

    @Test
    void continuedTextIsOneText() {
        byte[] text = Initiator.text(INITIATOR_NAME, TARGET_NAME, "MaxBurstLength=8192");
        int cut = text.length - 7; // within the last value's key
        LoginRequest first = initiator.login(false, OPERATIONAL_NEGOTIATION, 0);
        first.setContinued(true);
        initiator.send(first, java.util.Arrays.copyOf(text, cut));
        SentPdu empty = answer();
        assertEquals(0, empty.data().length);
        assertEquals(LoginStatus.SUCCESS, empty.login().status());
        initiator.send(
                initiator.login(true, OPERATIONAL_NEGOTIATION, FULL_FEATURE_PHASE),
                java.util.Arrays.copyOfRange(text, cut, text.length));
        assertEquals("8192", Initiator.pairs(answer().data()).get("MaxBurstLength"));
    }

    @Test
    void onlyChapOfferedFailsAuthentication() {
        initiator.send(
                initiator.login(true, SECURITY_NEGOTIATION, OPERATIONAL_NEGOTIATION),
                Initiator.text(INITIATOR_NAME, TARGET_NAME, "AuthMethod=CHAP"));
        bench.pause();
        assertFails(LoginStatus.AUTHENTICATION_FAILURE);
    }

    @Test
    void missingNames() {
        initiator.send(initiator.login(true, OPERATIONAL_NEGOTIATION, FULL_FEATURE_PHASE), Initiator.text(TARGET_NAME));
        assertFails(LoginStatus.MISSING_PARAMETER);

        Bench other = new Bench();
        other.initiator.send(
                initiator.login(true, OPERATIONAL_NEGOTIATION, FULL_FEATURE_PHASE), Initiator.text(INITIATOR_NAME));
        assertEquals(
                LoginStatus.MISSING_PARAMETER,
                other.next(Opcode.LOGIN_RESPONSE).login().status());
    }

    @Test
    void unknownTarget() {
        initiator.send(
                initiator.login(true, OPERATIONAL_NEGOTIATION, FULL_FEATURE_PHASE),
                Initiator.text(INITIATOR_NAME, "TargetName=iqn.2026-11.org.lunette:other"));
        assertFails(LoginStatus.NOT_FOUND);
    }

    @Test
    void targetNamesDoNotDifferInCase() {
        initiator.send(
                initiator.login(true, OPERATIONAL_NEGOTIATION, FULL_FEATURE_PHASE),
                Initiator.text(
                        "InitiatorName=IQN.2026-11.org.Example:Initiator",
                        "TargetName=" + Initiator.TARGET.toUpperCase()));
        assertEquals(LoginStatus.SUCCESS, answer().login().status());
        assertTrue(bench.device.nexuses.get(0).initiatorPort().startsWith(Initiator.NAME), "one name, one port");
    }

    @ParameterizedTest
    @CsvSource({"not-a-name", "iqn.2026-11.org example", "iqn.2026-11.org\u0001example", "iqn.a/b"})
    void malformedInitiatorName(String name) {
        initiator.send(
                initiator.login(true, OPERATIONAL_NEGOTIATION, FULL_FEATURE_PHASE),
                Initiator.text("InitiatorName=" + name, TARGET_NAME));
        assertFails(LoginStatus.INITIATOR_ERROR);
    }

    @Test
    void unknownSessionType() {
        initiator.send(
                initiator.login(true, OPERATIONAL_NEGOTIATION, FULL_FEATURE_PHASE),
                Initiator.text(INITIATOR_NAME, TARGET_NAME, "SessionType=Boot"));
        assertFails(LoginStatus.SESSION_TYPE_NOT_SUPPORTED);
    }

    @Test
    void newerVersionAtLeast() {
        LoginRequest request = initiator.login(true, OPERATIONAL_NEGOTIATION, FULL_FEATURE_PHASE);
        request.setVersions(2, 1);
        initiator.send(request, Initiator.text(INITIATOR_NAME, TARGET_NAME));
        assertFails(LoginStatus.UNSUPPORTED_VERSION);
    }

    @Test
    void connectionForASessionThatIsNot() {
        LoginRequest request = initiator.login(true, OPERATIONAL_NEGOTIATION, FULL_FEATURE_PHASE);
        request.setTsih(99);
        initiator.send(request, Initiator.text(INITIATOR_NAME, TARGET_NAME));
        assertFails(LoginStatus.SESSION_DOES_NOT_EXIST);
    }

    @Test
    void secondConnectionForASession() {
        bench.loggedIn();
        Bench second = new Bench(bench);
        LoginRequest request = second.initiator.login(true, OPERATIONAL_NEGOTIATION, FULL_FEATURE_PHASE);
        request.setTsih(1);
        second.initiator.send(request, Initiator.text(INITIATOR_NAME, TARGET_NAME));
        assertEquals(
                LoginStatus.TOO_MANY_CONNECTIONS,
                second.next(Opcode.LOGIN_RESPONSE).login().status());
        assertFalse(bench.transport.aborted);
    }

    @ParameterizedTest
    @CsvSource({
        "true, 2, 3", // CSG reserved
        "true, 3, 3", // CSG full feature
        "true, 1, 1", // to the same stage
        "true, 1, 0", // back
        "true, 0, 2", // NSG reserved
    })
    void illegalStages(boolean transit, int current, int next) {
        initiator.send(initiator.login(transit, current, next), Initiator.text(INITIATOR_NAME, TARGET_NAME));
        assertFails(LoginStatus.INITIATOR_ERROR);
    }

    @Test
    void stageMayNotBeSkippedWithoutTransit() {
        initiator.send(
                initiator.login(false, SECURITY_NEGOTIATION, 0),
                Initiator.text(INITIATOR_NAME, TARGET_NAME, "AuthMethod=None"));
        assertFalse(answer().login().isTransit());
        initiator.send(initiator.login(true, OPERATIONAL_NEGOTIATION, FULL_FEATURE_PHASE));
        assertFails(LoginStatus.INITIATOR_ERROR);
    }

    @Test
    void transitAndContinueExcludeEachOther() {
        LoginRequest request = initiator.login(true, OPERATIONAL_NEGOTIATION, FULL_FEATURE_PHASE);
        request.setContinued(true);
        initiator.send(request, Initiator.text(INITIATOR_NAME, TARGET_NAME));
        assertFails(LoginStatus.INITIATOR_ERROR);
    }

    @Test
    void keyNegotiatedTwice() {
        initiator.send(
                initiator.login(false, OPERATIONAL_NEGOTIATION, 0),
                Initiator.text(INITIATOR_NAME, TARGET_NAME, "MaxBurstLength=8192"));
        answer();
        initiator.send(initiator.login(false, OPERATIONAL_NEGOTIATION, 0), Initiator.text("MaxBurstLength=16384"));
        assertFails(LoginStatus.INITIATOR_ERROR);
    }

    /** What libiscsi, and so QEMU, sends when it has a user name. */
    @Test
    void namesMayBeSaidAgainInTheNextStage() {
        String[] names = {INITIATOR_NAME, "InitiatorAlias=qemu", TARGET_NAME, "SessionType=Normal"};
        initiator.send(
                initiator.login(true, SECURITY_NEGOTIATION, OPERATIONAL_NEGOTIATION),
                Initiator.text(names[0], names[1], names[2], names[3], "AuthMethod=CHAP,None"));
        assertEquals("None", Initiator.pairs(answer().data()).get("AuthMethod"));
        initiator.send(
                initiator.login(true, OPERATIONAL_NEGOTIATION, FULL_FEATURE_PHASE),
                Initiator.text(
                        names[0], names[1], names[2], names[3], "HeaderDigest=None,CRC32C", "MaxBurstLength=262144"));
        SentPdu last = answer();
        assertEquals(LoginStatus.SUCCESS, last.login().status());
        assertEquals(FULL_FEATURE_PHASE, last.login().nextStage());
        assertEquals("262144", Initiator.pairs(last.data()).get("MaxBurstLength"));
        assertEquals(1, bench.device.nexuses.size());
    }

    @Test
    void aNameMayNotChangeInTheNextStage() {
        initiator.send(
                initiator.login(true, SECURITY_NEGOTIATION, OPERATIONAL_NEGOTIATION),
                Initiator.text(INITIATOR_NAME, TARGET_NAME, "AuthMethod=None"));
        answer();
        initiator.send(
                initiator.login(true, OPERATIONAL_NEGOTIATION, FULL_FEATURE_PHASE),
                Initiator.text("InitiatorName=iqn.2026-11.org.example:somebody.else"));
        assertFails(LoginStatus.INITIATOR_ERROR);
    }

    @Test
    void textWithoutEqualsSign() {
        initiator.send(
                initiator.login(false, OPERATIONAL_NEGOTIATION, 0), "nonsense\0".getBytes(StandardCharsets.UTF_8));
        assertFails(LoginStatus.INITIATOR_ERROR);
    }

    @Test
    void moreTextThanTheLimit() {
        LoginRequest request = initiator.login(false, OPERATIONAL_NEGOTIATION, 0);
        request.setContinued(true);
        for (int i = 0; i < 8; i++) {
            initiator.send(request, new byte[8192]);
            assertEquals(LoginStatus.SUCCESS, answer().login().status());
        }
        initiator.send(request, new byte[1]);
        assertFails(LoginStatus.OUT_OF_RESOURCES);
    }

    @Test
    void moreTextThanTheLimitInSeveralTexts() {
        byte[] refusals = new byte[8192]; // which need no answer
        for (int i = 0; i < 8; i++) {
            java.util.Arrays.fill(refusals, (byte) 0);
            String[] keys = new String[500];
            for (int key = 0; key < keys.length; key++) {
                keys[key] = "X-" + i + "-" + key + "=Reject";
            }
            byte[] text = i == 0 ? Initiator.text(INITIATOR_NAME, TARGET_NAME) : Initiator.text(keys);
            System.arraycopy(text, 0, refusals, 0, text.length);
            initiator.send(initiator.login(false, OPERATIONAL_NEGOTIATION, 0), refusals);
            assertEquals(LoginStatus.SUCCESS, answer().login().status());
        }
        initiator.send(initiator.login(false, OPERATIONAL_NEGOTIATION, 0), new byte[1]);
        assertFails(LoginStatus.OUT_OF_RESOURCES);
    }

    @Test
    void moreRequestsThanTheLimit() {
        for (int i = 0; i < 64; i++) {
            initiator.send(
                    initiator.login(false, OPERATIONAL_NEGOTIATION, 0),
                    i == 0 ? Initiator.text(INITIATOR_NAME, TARGET_NAME) : new byte[0]);
            assertEquals(LoginStatus.SUCCESS, answer().login().status());
        }
        initiator.send(initiator.login(false, OPERATIONAL_NEGOTIATION, 0));
        assertFails(LoginStatus.INITIATOR_ERROR);
    }

    @Test
    void answersTooLongForTheInitiator() {
        StringBuilder text = new StringBuilder(INITIATOR_NAME + "\0" + TARGET_NAME + "\0");
        for (int i = 0; i < 1000; i++) {
            text.append("k").append(i).append("=\0");
        }
        initiator.send(
                initiator.login(false, OPERATIONAL_NEGOTIATION, 0),
                text.toString().getBytes(StandardCharsets.UTF_8));
        assertFails(LoginStatus.INITIATOR_ERROR);
    }

    @Test
    void anythingButALoginEndsTheConnection() {
        initiator.send(initiator.nopOut(true));
        assertTrue(bench.transport.aborted);
        bench.assertSilent();
    }

    @Test
    void anythingButALoginOnceALoginHasBegunFailsIt() {
        initiator.send(
                initiator.login(false, SECURITY_NEGOTIATION, 0),
                Initiator.text(INITIATOR_NAME, TARGET_NAME, "AuthMethod=None"));
        int statSn = answer().login().statSn();
        initiator.send(initiator.nopOut(true), new byte[100]);
        assertEquals(statSn + 1, bench.transport.sent.peekFirst().login().statSn());
        assertEquals(initiator.isid, bench.transport.sent.peekFirst().login().isid());
        assertFails(LoginStatus.INVALID_DURING_LOGIN);
        initiator.send(initiator.login(true, SECURITY_NEGOTIATION, FULL_FEATURE_PHASE));
        bench.assertSilent();
    }

    @Test
    void loginRequestWithTooMuchDataEndsTheConnection() {
        initiator.send(initiator.login(false, OPERATIONAL_NEGOTIATION, 0), new byte[8193]);
        assertTrue(bench.transport.aborted);
        bench.assertSilent();
    }

    @Test
    void moreSessionsThanTheLimit() {
        Bench first = new Bench(new IscsiLimits().sessions(1)).loggedIn();
        Bench second = new Bench(first);
        second.initiator.isid++;
        second.initiator.logIn();
        assertEquals(
                LoginStatus.OUT_OF_RESOURCES,
                second.next(Opcode.LOGIN_RESPONSE).login().status());
        assertTrue(second.transport.closed);
        second.disconnect();

        first.disconnect();
        Bench third = new Bench(first);
        third.loggedIn();
    }

    @Test
    void discoveryHasNoNexus() {
        bench.loggedInForDiscovery();
        assertTrue(bench.device.nexuses.isEmpty());
        assertEquals(1, bench.group.sessionCount());
        bench.disconnect();
        assertEquals(0, bench.group.sessionCount());
    }

    @Test
    void discoveryHasNoPortalGroupTag() {
        initiator.logInForDiscovery("MaxBurstLength=8192", "HeaderDigest=None");
        Map<String, String> keys = Initiator.pairs(answer().data());
        assertNull(keys.get("TargetPortalGroupTag"));
        assertEquals("Irrelevant", keys.get("MaxBurstLength"));
        assertEquals("None", keys.get("HeaderDigest"));
    }

    @Test
    void aLoginThatTakesTooLongEnds() {
        bench.connection.tick(1000);
        bench.connection.tick(30_999);
        assertFalse(bench.transport.aborted);
        bench.connection.tick(31_000);
        assertTrue(bench.transport.aborted);
    }
}
