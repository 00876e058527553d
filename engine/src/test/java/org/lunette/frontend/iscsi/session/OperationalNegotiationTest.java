package org.lunette.frontend.iscsi.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each operational key's rule; RFC 7143, clause 13. */
class OperationalNegotiationTest {
    private final SessionParameters parameters = new SessionParameters();
    private final OperationalNegotiation negotiation = new OperationalNegotiation(new IscsiLimits(), parameters, false);

    private String answer(String key, String value) {
        List<KeyValue> answers = negotiation.answer(List.of(new KeyValue(key, value)));
        return answers.isEmpty() ? null : answers.get(0).value();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "HeaderDigest|None|None",
                "HeaderDigest|CRC32C,None|None",
                "HeaderDigest|CRC32C|Reject",
                "DataDigest|None,CRC32C|None",
                "DataDigest|CRC32C|Reject",
                "MaxConnections|1|1",
                "MaxConnections|8|1",
                "MaxConnections|0|Reject",
                "MaxConnections|65536|Reject",
                "InitialR2T|Yes|Yes",
                "InitialR2T|No|No",
                "InitialR2T|yes|Reject",
                "ImmediateData|Yes|Yes",
                "ImmediateData|No|No",
                "ImmediateData|1|Reject",
                "MaxBurstLength|512|512",
                "MaxBurstLength|511|Reject",
                "MaxBurstLength|16777215|1048576",
                "MaxBurstLength|16777216|Reject",
                "MaxBurstLength|0x4000|16384",
                "MaxBurstLength|0x|Reject",
                "MaxBurstLength|abc|Reject",
                "MaxBurstLength|-1|Reject",
                "MaxBurstLength|99999999999999999999|Reject",
                "FirstBurstLength|512|512",
                "FirstBurstLength|262144|262144",
                "FirstBurstLength|511|Reject",
                "MaxOutstandingR2T|1|1",
                "MaxOutstandingR2T|65535|8",
                "MaxOutstandingR2T|0|Reject",
                "DefaultTime2Wait|0|2",
                "DefaultTime2Wait|3600|3600",
                "DefaultTime2Wait|3601|Reject",
                "DefaultTime2Retain|20|0",
                "DefaultTime2Retain|0|0",
                "ErrorRecoveryLevel|2|0",
                "ErrorRecoveryLevel|0|0",
                "ErrorRecoveryLevel|3|Reject",
                "DataPDUInOrder|No|Yes",
                "DataPDUInOrder|Yes|Yes",
                "DataSequenceInOrder|No|Yes",
                "DataSequenceInOrder|maybe|Reject",
                "TaskReporting|RFC3720,FastAbort|RFC3720",
                "TaskReporting|FastAbort|Reject",
                "iSCSIProtocolLevel|1|1",
                "iSCSIProtocolLevel|2|2",
                "iSCSIProtocolLevel|3|2",
                "iSCSIProtocolLevel|0|0",
                "IFMarker|Yes|No",
                "OFMarker|No|No",
                "IFMarkInt|2048~8192|Reject",
                "OFMarkInt|2048|Reject",
                "MaxRecvDataSegmentLength|511|Reject",
                "MaxRecvDataSegmentLength|16777216|Reject",
            })
    void answers(String key, String offer, String expected) {
        assertTrue(negotiation.knows(key));
        assertEquals(expected, answer(key, offer));
    }

    @Test
    void resultsAreKept() {
        negotiation.answer(List.of(
                new KeyValue("InitialR2T", "No"),
                new KeyValue("ImmediateData", "No"),
                new KeyValue("FirstBurstLength", "4096"),
                new KeyValue("MaxBurstLength", "65536"),
                new KeyValue("MaxOutstandingR2T", "4"),
                new KeyValue("MaxRecvDataSegmentLength", "1024")));
        assertFalse(parameters.initialR2t);
        assertFalse(parameters.immediateData);
        assertEquals(4096, parameters.firstBurstBytes());
        assertEquals(65536, parameters.maxBurstBytes);
        assertEquals(4, parameters.maxOutstandingR2t);
        assertEquals(1024, parameters.sendSegmentBytes);
    }

    @Test
    void aRejectedValueLeavesTheDefault() {
        assertEquals("Reject", answer("InitialR2T", "perhaps"));
        assertTrue(parameters.initialR2t);
        assertEquals("Reject", answer("MaxBurstLength", "1"));
        assertEquals(262_144, parameters.maxBurstBytes);
    }

    @Test
    void aDeclarationGetsNoAnswer() {
        assertNull(answer("MaxRecvDataSegmentLength", "65536"));
        assertEquals(65536, parameters.sendSegmentBytes);
    }

    @Test
    void refusalsGetNoAnswer() {
        for (String refusal : List.of("NotUnderstood", "Irrelevant", "Reject")) {
            assertNull(answer("MaxBurstLength", refusal));
        }
    }

    @Test
    void firstBurstNeverExceedsMaxBurst() {
        List<KeyValue> answers = negotiation.answer(
                List.of(new KeyValue("FirstBurstLength", "65536"), new KeyValue("MaxBurstLength", "8192")));
        assertTrue(answers.contains(new KeyValue("FirstBurstLength", "8192")), answers.toString());

        SessionParameters later = new SessionParameters();
        OperationalNegotiation second = new OperationalNegotiation(new IscsiLimits(), later, false);
        second.answer(List.of(new KeyValue("FirstBurstLength", "65536")));
        second.answer(List.of(new KeyValue("MaxBurstLength", "1024")));
        assertEquals(1024, later.firstBurstBytes());
    }

    @Test
    void firstBurstIsIrrelevantWithoutUnsolicitedData() {
        List<KeyValue> answers = new ArrayList<>(negotiation.answer(List.of(
                new KeyValue("FirstBurstLength", "65536"),
                new KeyValue("InitialR2T", "Yes"),
                new KeyValue("ImmediateData", "No"))));
        assertTrue(answers.contains(new KeyValue("FirstBurstLength", "Irrelevant")), answers.toString());
    }

    @Test
    void sessionKeysAreIrrelevantInDiscovery() {
        OperationalNegotiation discovery = new OperationalNegotiation(new IscsiLimits(), parameters, true);
        for (String key : List.of(
                "MaxConnections",
                "InitialR2T",
                "ImmediateData",
                "MaxBurstLength",
                "FirstBurstLength",
                "MaxOutstandingR2T",
                "DataPDUInOrder",
                "DataSequenceInOrder",
                "TaskReporting")) {
            assertEquals(
                    List.of(new KeyValue(key, "Irrelevant")), discovery.answer(List.of(new KeyValue(key, "1"))), key);
        }
    }

    @Test
    void unknownKeysAreNotUnderstood() {
        Bench bench = new Bench();
        bench.initiator.logIn("X-com.example.Key=1", "InitiatorAlias=me", "SendTargets=All", "AuthMethod=None");
        var keys = Initiator.pairs(
                bench.next(org.lunette.frontend.iscsi.pdu.Opcode.LOGIN_RESPONSE).data());
        assertEquals("NotUnderstood", keys.get("X-com.example.Key"));
        assertNull(keys.get("InitiatorAlias"));
        assertEquals("Reject", keys.get("SendTargets"));
        assertEquals("Reject", keys.get("AuthMethod"), "only the security stage negotiates it");
    }
}
