package org.lunette.frontend.iscsi.session;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.lunette.frontend.iscsi.chap.BinaryValue;
import org.lunette.frontend.iscsi.chap.Challenges;
import org.lunette.frontend.iscsi.chap.ChapAlgorithm;
import org.lunette.frontend.iscsi.chap.ChapUser;
import org.lunette.frontend.iscsi.chap.ChapUsers;
import org.lunette.frontend.iscsi.pdu.LoginStatus;

/**
 * The keys of a login's security stage: AuthMethod, and CHAP where there are users, in which case nobody gets on
 * without; RFC 7143, 12.1. Each step has its keys, all of them and no others.
 */
final class SecurityNegotiation {
    private static final String AUTH_METHOD = "AuthMethod";
    private static final String CHAP = "CHAP";
    private static final String ALGORITHM = "CHAP_A";
    private static final String IDENTIFIER = "CHAP_I";
    private static final String CHALLENGE = "CHAP_C";
    private static final String NAME = "CHAP_N";
    private static final String RESPONSE = "CHAP_R";
    private static final Set<String> KEYS = Set.of(AUTH_METHOD, ALGORITHM, IDENTIFIER, CHALLENGE, NAME, RESPONSE);
    /** RFC 7143, 12.1.3. */
    private static final int MAX_CHALLENGE_BYTES = 1024;

    private final ChapUsers users;
    private final Challenges challenges;
    private Step step = Step.METHOD;
    private ChapAlgorithm algorithm;
    private int identifier;
    private byte[] challenge;

    private enum Step {
        METHOD,
        ALGORITHM,
        RESPONSE,
        DONE
    }

    SecurityNegotiation(ChapUsers users, Challenges challenges) {
        this.users = users;
        this.challenges = challenges;
    }

    /** Whether the key is one of those answered here. */
    static boolean knows(String key) {
        return KEYS.contains(key);
    }

    /** Whether the stage may be left. */
    boolean isComplete() {
        return step == Step.DONE || !users.areRequired();
    }

    /** Whether a method has been agreed on that is still to be gone through. */
    boolean isUnderWay() {
        return step == Step.ALGORITHM || step == Step.RESPONSE;
    }

    /** Takes the security keys of one text, and adds what is to be answered. */
    void negotiate(List<KeyValue> offers, List<KeyValue> answers) throws LoginFailedException {
        Map<String, String> keys = new LinkedHashMap<>();
        offers.forEach(offer -> keys.put(offer.key(), offer.value()));
        switch (step) {
            case METHOD -> {
                if (!keys.isEmpty()) {
                    method(keys, answers);
                }
            }
            case ALGORITHM -> algorithm(keys, answers);
            case RESPONSE -> response(keys, answers);
            case DONE -> expect(Set.of(), keys);
        }
    }

    /** The login has ended, or its connection. */
    void close() {
        if (challenge != null) {
            challenges.end(challenge);
        }
    }

    private void method(Map<String, String> keys, List<KeyValue> answers) throws LoginFailedException {
        expect(Set.of(AUTH_METHOD), keys);
        KeyValue offer = new KeyValue(AUTH_METHOD, keys.get(AUTH_METHOD));
        String method = users.areRequired() ? CHAP : KeyValue.NONE;
        if (!offer.offers(method)) {
            throw failed("AuthMethod " + Login.printable(offer.value()) + ", where " + method + " is wanted");
        }
        answers.add(new KeyValue(AUTH_METHOD, method));
        step = users.areRequired() ? Step.ALGORITHM : Step.DONE;
    }

    private void algorithm(Map<String, String> keys, List<KeyValue> answers) throws LoginFailedException {
        expect(Set.of(ALGORITHM), keys);
        String offered = keys.get(ALGORITHM);
        algorithm = ChapAlgorithm.first(offered)
                .orElseThrow(() -> failed("none of the algorithms is known: " + Login.printable(offered)));
        identifier = challenges.identifier();
        challenge = challenges.begin(algorithm.responseBytes());
        answers.add(new KeyValue(ALGORITHM, algorithm.number()));
        answers.add(new KeyValue(IDENTIFIER, Integer.toString(identifier)));
        answers.add(new KeyValue(CHALLENGE, BinaryValue.hexadecimal(challenge)));
        step = Step.RESPONSE;
    }

    private void response(Map<String, String> keys, List<KeyValue> answers) throws LoginFailedException {
        boolean mutual = keys.containsKey(IDENTIFIER) || keys.containsKey(CHALLENGE);
        expect(mutual ? Set.of(NAME, RESPONSE, IDENTIFIER, CHALLENGE) : Set.of(NAME, RESPONSE), keys);
        String name = keys.get(NAME);
        if (name.getBytes(StandardCharsets.UTF_8).length > ChapUser.MAX_NAME_BYTES) {
            throw malformed(NAME);
        }
        int responseBytes = algorithm.responseBytes();
        byte[] response = BinaryValue.decode(keys.get(RESPONSE), responseBytes, responseBytes)
                .orElseThrow(() -> malformed(RESPONSE));
        long theirIdentifier = mutual ? OperationalNegotiation.number(keys.get(IDENTIFIER)) : 0;
        if (theirIdentifier < 0 || theirIdentifier > 255) {
            throw malformed(IDENTIFIER);
        }
        byte[] theirChallenge = mutual
                ? BinaryValue.decode(keys.get(CHALLENGE), 1, MAX_CHALLENGE_BYTES)
                        .orElseThrow(() -> malformed(CHALLENGE))
                : null;
        boolean reflected = mutual && challenges.contains(theirChallenge);
        challenges.end(challenge);
        if (!users.accept(algorithm, identifier, challenge, name, response)) {
            throw failed("not the user " + Login.printable(name));
        }
        if (reflected) {
            throw failed("the user " + Login.printable(name) + " sends back a challenge of ours");
        }
        if (mutual) {
            prove((int) theirIdentifier, theirChallenge, answers);
        }
        step = Step.DONE;
    }

    private void prove(int theirIdentifier, byte[] theirChallenge, List<KeyValue> answers) throws LoginFailedException {
        ChapUser self =
                users.outgoing().orElseThrow(() -> failed("the target is to prove itself, and has no outgoing user"));
        byte[] response = algorithm.response(theirIdentifier, self.secret(), theirChallenge);
        answers.add(new KeyValue(NAME, self.name()));
        answers.add(new KeyValue(RESPONSE, BinaryValue.hexadecimal(response)));
    }

    private void expect(Set<String> wanted, Map<String, String> keys) throws LoginFailedException {
        if (!keys.keySet().equals(wanted)) {
            throw new LoginFailedException(
                    LoginStatus.INITIATOR_ERROR, "security keys " + keys.keySet() + " instead of " + wanted);
        }
    }

    private static LoginFailedException failed(String why) {
        return new LoginFailedException(LoginStatus.AUTHENTICATION_FAILURE, why);
    }

    private static LoginFailedException malformed(String key) {
        return new LoginFailedException(LoginStatus.INITIATOR_ERROR, "malformed " + key);
    }
}
