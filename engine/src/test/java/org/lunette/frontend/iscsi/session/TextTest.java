package org.lunette.frontend.iscsi.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.lunette.frontend.iscsi.pdu.Opcode;
import org.lunette.frontend.iscsi.pdu.RejectReason;
import org.lunette.frontend.iscsi.pdu.TextRequest;

/** Text negotiation in full feature phase, SendTargets above all; RFC 7143, 11.10 and appendix C. */
class TextTest {
    private final Bench bench = new Bench();
    private final Initiator initiator = bench.initiator;

    private String ask(String... pairs) {
        initiator.send(initiator.textRequest(), Initiator.text(pairs));
        SentPdu response = bench.next(Opcode.TEXT_RESPONSE);
        assertTrue(response.text().isFinal());
        assertEquals(-1, response.text().targetTransferTag());
        return response.string();
    }

    @Test
    void allTargetsAtAllPortals() {
        bench.group.setPortals(
                List.of(new InetSocketAddress("192.0.2.1", 3260), new InetSocketAddress("2001:db8::1", 3261)));
        bench.loggedInForDiscovery();
        assertEquals(
                "TargetName=" + Initiator.TARGET + " TargetAddress=192.0.2.1:3260,1 TargetAddress=[2001:db8::1]:3261,1",
                ask("SendTargets=All"));
    }

    @ParameterizedTest
    @CsvSource({
        "::1, ::1",
        "2001:db8:0:0:1:0:0:1, 2001:db8::1:0:0:1",
        "2001:0:0:1:0:0:0:1, 2001:0:0:1::1",
        "2001:db8:0:1:1:1:1:1, 2001:db8:0:1:1:1:1:1",
        "fe80::, fe80::",
        "1:2:3:4:5:6:7:8, 1:2:3:4:5:6:7:8"
    })
    void ipv6AddressesAreWrittenAsUsersWriteThem(String portal, String expected) {
        bench.group.setPortals(List.of(new InetSocketAddress(portal, 3260)));
        bench.loggedInForDiscovery();
        String answer = ask("SendTargets=All");
        assertTrue(answer.endsWith("TargetAddress=[" + expected + "]:3260,1"), answer);
    }

    @Test
    void aPortalAtAllAddressesIsNamedByTheOneThatWasReached() {
        bench.group.setPortals(List.of(new InetSocketAddress("0.0.0.0", 3260), new InetSocketAddress("::", 3260)));
        bench.transport.local = new InetSocketAddress("198.51.100.7", 3260);
        bench.loggedInForDiscovery();
        assertEquals("TargetName=" + Initiator.TARGET + " TargetAddress=198.51.100.7:3260,1", ask("SendTargets=All"));
    }

    @Test
    void aWildcardOfTheOtherFamilyIsNoAddressOfTheirs() {
        bench.group.setPortals(List.of(new InetSocketAddress("0.0.0.0", 3260), new InetSocketAddress("::1", 3261)));
        bench.transport.local = new InetSocketAddress("::1", 3261);
        bench.loggedInForDiscovery();
        assertEquals("TargetName=" + Initiator.TARGET + " TargetAddress=[::1]:3261,1", ask("SendTargets=All"));
    }

    @Test
    void oneTargetByName() {
        bench.loggedInForDiscovery();
        assertEquals(
                "TargetName=" + Initiator.TARGET + " TargetAddress=127.0.0.1:3260,1",
                ask("SendTargets=" + Initiator.TARGET));
        assertEquals("", ask("SendTargets=iqn.2026-11.org.lunette:another"));
        assertEquals("SendTargets=Reject", ask("SendTargets="));
    }

    @Test
    void keysAndValuesDifferInCase() {
        bench.loggedInForDiscovery();
        assertEquals("SendTargets=Reject", ask("SendTargets=all"));
        assertEquals("sendtargets=NotUnderstood", ask("sendtargets=All"));
    }

    @Test
    void aNormalSessionMayAskForItsOwnTargetOnly() {
        bench.loggedIn();
        assertEquals("SendTargets=Reject", ask("SendTargets=All"));
        assertEquals("TargetName=" + Initiator.TARGET + " TargetAddress=127.0.0.1:3260,1", ask("SendTargets="));
    }

    @Test
    void theSegmentLengthMayBeDeclaredAnew() {
        bench.loggedIn();
        assertEquals("MaxRecvDataSegmentLength=262144", ask("MaxRecvDataSegmentLength=512"));
        initiator.read(0, 2);
        assertFalse(bench.next(Opcode.DATA_IN).dataIn().isFinal());
        assertTrue(bench.next(Opcode.DATA_IN).dataIn().isFinal());
        assertEquals("MaxBurstLength=Reject X-key=NotUnderstood", ask("MaxBurstLength=512", "X-key=1"));
    }

    @Test
    void aLongAnswerComesInParts() {
        List<InetSocketAddress> portals = new ArrayList<>();
        for (int i = 1; i < 60; i++) {
            portals.add(new InetSocketAddress("192.0.2." + i, 3260));
        }
        bench.group.setPortals(portals);
        initiator.logInForDiscovery("MaxRecvDataSegmentLength=512");
        bench.next(Opcode.LOGIN_RESPONSE);
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        TextRequest request = initiator.textRequest();
        initiator.send(request, Initiator.text("SendTargets=All"));
        SentPdu response = bench.next(Opcode.TEXT_RESPONSE);
        int parts = 1;
        while (response.text().isContinued()) {
            assertFalse(response.text().isFinal());
            assertEquals(512, response.data().length);
            all.writeBytes(response.data());
            int tag = response.text().targetTransferTag();
            assertNotEquals(-1, tag);
            TextRequest next = initiator.textRequest();
            next.setInitiatorTaskTag(request.initiatorTaskTag());
            next.setTargetTransferTag(tag);
            initiator.send(next);
            response = bench.next(Opcode.TEXT_RESPONSE);
            parts++;
        }
        assertTrue(response.text().isFinal());
        all.writeBytes(response.data());
        assertTrue(parts > 2);
        String text = all.toString(java.nio.charset.StandardCharsets.UTF_8);
        assertEquals(60, text.chars().filter(c -> c == '=').count());
        assertTrue(text.contains("TargetAddress=192.0.2.59:3260,1"));
    }

    @Test
    void aLongQuestionComesInParts() {
        bench.loggedInForDiscovery();
        TextRequest first = initiator.textRequest();
        first.setFinal(false);
        first.setContinued(true);
        initiator.send(first, "SendTar".getBytes(java.nio.charset.StandardCharsets.UTF_8));
        SentPdu more = bench.next(Opcode.TEXT_RESPONSE);
        assertFalse(more.text().isFinal());
        assertEquals(0, more.data().length);
        TextRequest second = initiator.textRequest();
        second.setTargetTransferTag(more.text().targetTransferTag());
        initiator.send(second, "gets=All\0".getBytes(java.nio.charset.StandardCharsets.UTF_8));
        SentPdu last = bench.next(Opcode.TEXT_RESPONSE);
        assertTrue(last.text().isFinal());
        assertTrue(last.string().startsWith("TargetName="));
    }

    @Test
    void whatIsNotARequestIsRejected() {
        bench.loggedIn();
        TextRequest wrongTag = initiator.textRequest();
        wrongTag.setTargetTransferTag(99);
        initiator.send(wrongTag);
        assertEquals(
                RejectReason.INVALID_PDU_FIELD,
                bench.next(Opcode.REJECT).reject().reason());

        TextRequest both = initiator.textRequest();
        both.setContinued(true);
        initiator.send(both);
        assertEquals(
                RejectReason.PROTOCOL_ERROR, bench.next(Opcode.REJECT).reject().reason());

        initiator.send(initiator.textRequest(), (byte) 'x', (byte) 0);
        assertEquals(
                RejectReason.PROTOCOL_ERROR, bench.next(Opcode.REJECT).reject().reason());
    }

    @Test
    void aKeyIsNegotiatedOnceInANegotiation() {
        bench.loggedInForDiscovery();
        initiator.send(initiator.textRequest(), Initiator.text("SendTargets=All", "SendTargets=All"));
        assertEquals(
                RejectReason.PROTOCOL_ERROR, bench.next(Opcode.REJECT).reject().reason());

        TextRequest first = initiator.textRequest();
        first.setFinal(false);
        initiator.send(first, Initiator.text("SendTargets=All"));
        SentPdu answer = bench.next(Opcode.TEXT_RESPONSE);
        TextRequest again = initiator.textRequest();
        again.setTargetTransferTag(answer.text().targetTransferTag());
        initiator.send(again, Initiator.text("SendTargets=All"));
        assertEquals(
                RejectReason.PROTOCOL_ERROR, bench.next(Opcode.REJECT).reject().reason());

        assertTrue(ask("SendTargets=All").startsWith("TargetName="), "a new negotiation may ask again");
    }

    @Test
    void aSegmentLengthThatIsNoneIsRejectedAndNotAnswered() {
        bench.loggedIn();
        assertEquals("MaxRecvDataSegmentLength=Reject", ask("MaxRecvDataSegmentLength=1"));
    }

    @Test
    void textBeyondTheLimitInSeveralTextsIsRejected() {
        bench.loggedIn();
        int tag = -1;
        for (int i = 0; i < 2; i++) {
            TextRequest part = initiator.textRequest();
            part.setFinal(false);
            part.setTargetTransferTag(tag);
            initiator.send(part, new byte[40_000]);
            if (i == 0) {
                tag = bench.next(Opcode.TEXT_RESPONSE).text().targetTransferTag();
            }
        }
        assertEquals(
                RejectReason.OUT_OF_RESOURCES,
                bench.next(Opcode.REJECT).reject().reason());
    }

    @Test
    void textBeyondTheLimitIsRejected() {
        bench.loggedIn();
        int tag = -1;
        for (int i = 0; i < 2; i++) {
            TextRequest part = initiator.textRequest();
            part.setFinal(false);
            part.setContinued(true);
            part.setTargetTransferTag(tag);
            initiator.send(part, new byte[40_000]);
            if (i == 0) {
                tag = bench.next(Opcode.TEXT_RESPONSE).text().targetTransferTag();
            }
        }
        assertEquals(
                RejectReason.OUT_OF_RESOURCES,
                bench.next(Opcode.REJECT).reject().reason());
    }
}
