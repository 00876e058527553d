package org.lunette.frontend.iscsi.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.lunette.frontend.iscsi.pdu.LoginRequest.OPERATIONAL_NEGOTIATION;
import static org.lunette.frontend.iscsi.pdu.LoginRequest.SECURITY_NEGOTIATION;

import java.util.Map;
import org.lunette.frontend.iscsi.chap.BinaryValue;
import org.lunette.frontend.iscsi.chap.ChapAlgorithm;
import org.lunette.frontend.iscsi.chap.ChapUser;
import org.lunette.frontend.iscsi.pdu.LoginResponse;
import org.lunette.frontend.iscsi.pdu.LoginStatus;
import org.lunette.frontend.iscsi.pdu.Opcode;

/** An initiator that goes through a bench's security stage, step by step. */
final class ChapInitiator {
    private final Bench bench;
    private ChapAlgorithm algorithm;
    private int identifier;
    private byte[] challenge;

    ChapInitiator(Bench bench) {
        this.bench = bench;
    }

    /** The challenge of the target. */
    byte[] challenge() {
        return challenge;
    }

    /** Sends a request of the security stage. */
    void send(boolean transit, String... pairs) {
        bench.initiator.send(
                bench.initiator.login(transit, SECURITY_NEGOTIATION, transit ? OPERATIONAL_NEGOTIATION : 0),
                Initiator.text(pairs));
    }

    /** The keys of an answer that goes on. */
    Map<String, String> answer(boolean transit) {
        SentPdu pdu = bench.next(Opcode.LOGIN_RESPONSE);
        LoginResponse response = pdu.login();
        assertEquals(Integer.toHexString(LoginStatus.SUCCESS), Integer.toHexString(response.status()));
        assertEquals(transit, response.isTransit());
        assertEquals(SECURITY_NEGOTIATION, response.currentStage());
        return Initiator.pairs(pdu.data());
    }

    /** Says who it is, and agrees on CHAP. */
    ChapInitiator begin() {
        send(true, "InitiatorName=" + Initiator.NAME, "TargetName=" + Initiator.TARGET, "AuthMethod=None,CHAP");
        assertEquals("CHAP", answer(false).get("AuthMethod"));
        return this;
    }

    /** Says who it is for a discovery session, and agrees on CHAP. */
    ChapInitiator beginDiscovery() {
        send(true, "InitiatorName=" + Initiator.NAME, "SessionType=Discovery", "AuthMethod=CHAP");
        assertEquals(Map.of("AuthMethod", "CHAP"), answer(false));
        return this;
    }

    /** Gets a challenge for the first of these algorithms. */
    ChapInitiator challenged(String algorithms) {
        send(true, "CHAP_A=" + algorithms);
        Map<String, String> keys = answer(false);
        assertEquals(3, keys.size());
        algorithm = ChapAlgorithm.first(keys.get("CHAP_A")).orElseThrow();
        identifier = Integer.parseInt(keys.get("CHAP_I"));
        challenge = BinaryValue.decode(keys.get("CHAP_C"), 16, 32).orElseThrow();
        return this;
    }

    /** What a user answers to the target's challenge. */
    byte[] responseOf(ChapUser user) {
        return algorithm.response(identifier, user.secret(), challenge);
    }

    /** Answers as a user, with these keys besides. */
    void respond(ChapUser user, String... more) {
        String[] pairs = new String[more.length + 2];
        pairs[0] = "CHAP_N=" + user.name();
        pairs[1] = "CHAP_R=" + BinaryValue.hexadecimal(responseOf(user));
        System.arraycopy(more, 0, pairs, 2, more.length);
        send(true, pairs);
    }

    /** The login fails with that status, at once. */
    void assertFails(int status) {
        SentPdu pdu = bench.next(Opcode.LOGIN_RESPONSE);
        assertEquals(
                Integer.toHexString(status), Integer.toHexString(pdu.login().status()));
        assertFalse(pdu.login().isTransit());
        assertEquals(0, pdu.data().length, "nothing is told");
        assertEquals(0, bench.group.sessionCount());
        assertEquals(true, bench.transport.closed);
    }

    /** The login fails by its authentication, and that takes its time. */
    void assertNotAuthenticated() {
        bench.assertSilent();
        bench.pause();
        assertFails(LoginStatus.AUTHENTICATION_FAILURE);
    }
}
