package org.lunette.frontend.iscsi.chap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChapUsersTest {
    private static final ChapUser ALICE = new ChapUser("alice", secret("alice's secret"));
    private static final byte[] CHALLENGE = new byte[16];

    private static ChapSecret secret(String text) {
        return new ChapSecret(text.getBytes(StandardCharsets.US_ASCII));
    }

    @ParameterizedTest
    @CsvSource({
        "5, MD5",
        "6, SHA1",
        "7, SHA256",
        "8, SHA3_256",
    })
    void eachAlgorithmHasItsNumber(String number, ChapAlgorithm algorithm) {
        assertEquals(algorithm, ChapAlgorithm.first(number).orElseThrow());
        assertEquals(number, algorithm.number());
        assertEquals(algorithm.responseBytes(), algorithm.response(1, ALICE.secret(), CHALLENGE).length);
    }

    @Test
    void theFirstKnownAlgorithmOfTheListIsTaken() {
        assertEquals(ChapAlgorithm.SHA256, ChapAlgorithm.first("9,7,8,5").orElseThrow());
        for (String none : List.of("", "56", "9", "05", " 5", "5 ", "MD5", ",")) {
            assertTrue(ChapAlgorithm.first(none).isEmpty(), none);
        }
    }

    @Test
    void aUserIsAcceptedByItsOwnResponseOnly() {
        ChapUsers users =
                new ChapUsers(List.of(ALICE, new ChapUser("bob", secret("bob's own secret"))), Optional.empty());
        byte[] right = ChapAlgorithm.MD5.response(7, ALICE.secret(), CHALLENGE);
        assertTrue(users.accept(ChapAlgorithm.MD5, 7, CHALLENGE, "alice", right));
        assertFalse(users.accept(ChapAlgorithm.MD5, 8, CHALLENGE, "alice", right), "another identifier");
        assertFalse(users.accept(ChapAlgorithm.MD5, 7, new byte[17], "alice", right), "another challenge");
        assertFalse(users.accept(ChapAlgorithm.MD5, 7, CHALLENGE, "bob", right), "another's");
        assertFalse(users.accept(ChapAlgorithm.MD5, 7, CHALLENGE, "ALICE", right), "names differ in case");
        assertFalse(users.accept(ChapAlgorithm.MD5, 7, CHALLENGE, "nobody", right));
    }

    @Test
    void oneSecretInBothDirectionsIsRefused() {
        ChapUser same = new ChapUser("target", secret("alice's secret"));
        assertThrows(IllegalArgumentException.class, () -> new ChapUsers(List.of(ALICE), Optional.of(same)));
        assertThrows(IllegalArgumentException.class, () -> new ChapUsers(List.of(), Optional.of(same)));
        assertThrows(IllegalArgumentException.class, () -> new ChapUsers(List.of(ALICE, ALICE), Optional.empty()));
    }

    @Test
    void aSecretIsLongEnoughAndNeverTold() {
        assertThrows(IllegalArgumentException.class, () -> secret("11 byteslen"));
        assertFalse(ALICE.toString().contains("alice's secret"), ALICE.toString());
    }

    /** Computed by Python's hashlib. */
    @ParameterizedTest
    @CsvSource({
        "MD5, 0b85fc3749e856b586241adf04e8a63d",
        "SHA1, 8009737b7bd3f4b6b325372d697378ebbb88fff3",
        "SHA256, ac3bc672ec28cee44394942a0474c9ce1e52d49caff9bce69333d67e5c5f362f",
        "SHA3_256, 49c8c74f1203674e786bf5ffb81ca96b950c6c447ca178d8309de4eea7993c92",
    })
    void responsesAreThoseOfOtherPrograms(ChapAlgorithm algorithm, String hexadecimal) {
        byte[] challenge = HexFormat.of().parseHex("000102030405060708090a0b0c0d0e0f");
        byte[] response = algorithm.response(0xc8, ALICE.secret(), challenge);
        assertEquals(hexadecimal, HexFormat.of().formatHex(response));
    }
}
