package org.lunette.frontend.iscsi.session;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongConsumer;

/**
 * Answers the operational keys of a login by the rules of RFC 7143, clauses 6.2 and 13, and keeps the results.
 *
 * <p>A value that a key does not admit is answered with Reject, and the key keeps its value.
 */
final class OperationalNegotiation {
    private static final String FIRST_BURST = "FirstBurstLength";
    private static final int MIN_LENGTH = 512;
    private static final int MAX_LENGTH = 0xff_ffff;
    private static final int OUR_TIME2WAIT = 2;
    private static final int OUR_TIME2RETAIN = 0;
    private static final int OUR_PROTOCOL_LEVEL = 2;

    private final SessionParameters parameters;
    private final boolean discovery;
    private final Map<String, Rule> rules = new HashMap<>();

    /** How one key is answered; null if it needs no answer. */
    @FunctionalInterface
    private interface Rule {
        String answer(KeyValue offer);
    }

    OperationalNegotiation(IscsiLimits limits, SessionParameters parameters, boolean discovery) {
        this.parameters = parameters;
        this.discovery = discovery;
        rules.put("HeaderDigest", offer -> choose(offer, KeyValue.NONE));
        rules.put("DataDigest", offer -> choose(offer, KeyValue.NONE));
        rules.put("MaxRecvDataSegmentLength", this::declareSegmentLength);
        rules.put("DefaultTime2Wait", offer -> maximum(offer, 0, 3600, OUR_TIME2WAIT));
        rules.put("DefaultTime2Retain", offer -> minimum(offer, 0, 3600, OUR_TIME2RETAIN, v -> {}));
        rules.put("ErrorRecoveryLevel", offer -> minimum(offer, 0, 2, 0, v -> {}));
        rules.put(
                "iSCSIProtocolLevel",
                offer -> minimum(offer, 0, 31, OUR_PROTOCOL_LEVEL, v -> parameters.protocolLevel = (int) v));
        rules.put("IFMarker", offer -> KeyValue.NO);
        rules.put("OFMarker", offer -> KeyValue.NO);
        rules.put("IFMarkInt", offer -> KeyValue.REJECT);
        rules.put("OFMarkInt", offer -> KeyValue.REJECT);
        forNormalSessions("MaxConnections", offer -> minimum(offer, 1, 65_535, 1, v -> {}));
        forNormalSessions("InitialR2T", this::initialR2t);
        forNormalSessions("ImmediateData", this::immediateData);
        forNormalSessions(
                "MaxBurstLength",
                offer -> minimum(
                        offer, MIN_LENGTH, MAX_LENGTH, limits.burstBytes(), v -> parameters.maxBurstBytes = (int) v));
        forNormalSessions(FIRST_BURST, offer -> firstBurst(offer, limits.firstBurstBytes()));
        forNormalSessions(
                "MaxOutstandingR2T",
                offer -> minimum(
                        offer, 1, 65_535, limits.outstandingR2ts(), v -> parameters.maxOutstandingR2t = (int) v));
        forNormalSessions("DataPDUInOrder", this::ordered);
        forNormalSessions("DataSequenceInOrder", this::ordered);
        forNormalSessions("TaskReporting", offer -> choose(offer, "RFC3720"));
    }

    private void forNormalSessions(String key, Rule rule) {
        rules.put(key, discovery ? offer -> KeyValue.IRRELEVANT : rule);
    }

    /** Whether the key is one of those answered here. */
    boolean knows(String key) {
        return rules.containsKey(key);
    }

    /** Answers offers. FirstBurstLength comes last, since its result depends on others. */
    List<KeyValue> answer(List<KeyValue> offers) {
        List<KeyValue> answers = new ArrayList<>();
        for (KeyValue offer : offers) {
            if (!offer.key().equals(FIRST_BURST)) {
                answerOne(offer, answers);
            }
        }
        for (KeyValue offer : offers) {
            if (offer.key().equals(FIRST_BURST)) {
                answerOne(offer, answers);
            }
        }
        return answers;
    }

    private void answerOne(KeyValue offer, List<KeyValue> answers) {
        if (offer.isRefusal()) {
            return;
        }
        String value = rules.get(offer.key()).answer(offer);
        if (value != null) {
            answers.add(new KeyValue(offer.key(), value));
        }
    }

    private String declareSegmentLength(KeyValue offer) {
        long value = number(offer.value());
        if (value < MIN_LENGTH || value > MAX_LENGTH) {
            return KeyValue.REJECT;
        }
        parameters.sendSegmentBytes = (int) value;
        return null;
    }

    private String initialR2t(KeyValue offer) {
        if (!isBoolean(offer)) {
            return KeyValue.REJECT;
        }
        parameters.initialR2t = offer.value().equals(KeyValue.YES);
        return offer.value();
    }

    private String immediateData(KeyValue offer) {
        if (!isBoolean(offer)) {
            return KeyValue.REJECT;
        }
        parameters.immediateData = offer.value().equals(KeyValue.YES);
        return offer.value();
    }

    private String firstBurst(KeyValue offer, int ours) {
        if (parameters.initialR2t && !parameters.immediateData) {
            return KeyValue.IRRELEVANT;
        }
        int highest = Math.min(ours, parameters.maxBurstBytes);
        return minimum(offer, MIN_LENGTH, MAX_LENGTH, highest, v -> parameters.setFirstBurstBytes((int) v));
    }

    /** DataPDUInOrder and DataSequenceInOrder: Yes is what is served, and Yes wins. */
    private String ordered(KeyValue offer) {
        return isBoolean(offer) ? KeyValue.YES : KeyValue.REJECT;
    }

    private static String choose(KeyValue offer, String choice) {
        return offer.offers(choice) ? choice : KeyValue.REJECT;
    }

    private static String minimum(KeyValue offer, int min, int max, int ours, LongConsumer result) {
        long value = number(offer.value());
        if (value < min || value > max) {
            return KeyValue.REJECT;
        }
        long agreed = Math.min(value, ours);
        result.accept(agreed);
        return Long.toString(agreed);
    }

    private static String maximum(KeyValue offer, int min, int max, int ours) {
        long value = number(offer.value());
        return value < min || value > max ? KeyValue.REJECT : Long.toString(Math.max(value, ours));
    }

    private static boolean isBoolean(KeyValue offer) {
        return offer.value().equals(KeyValue.YES) || offer.value().equals(KeyValue.NO);
    }

    /**
     * A decimal or hexadecimal constant; RFC 7143, 6.1. Returns -1 for what is none, or is far too long for any key
     * here.
     */
    static long number(String text) {
        boolean hexadecimal = text.startsWith("0x") || text.startsWith("0X");
        String digits = hexadecimal ? text.substring(2) : text;
        if (digits.isEmpty() || digits.length() > 15) {
            return -1;
        }
        for (int i = 0; i < digits.length(); i++) {
            char c = digits.charAt(i);
            boolean decimal = c >= '0' && c <= '9';
            if (!decimal && !(hexadecimal && (c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F'))) {
                return -1;
            }
        }
        return Long.parseLong(digits, hexadecimal ? 16 : 10);
    }
}
