package org.lunette.frontend.iscsi.session;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.lunette.frontend.iscsi.pdu.Pdu;
import org.lunette.frontend.iscsi.pdu.RejectReason;
import org.lunette.frontend.iscsi.pdu.TextRequest;
import org.lunette.frontend.iscsi.pdu.TextResponse;

/**
 * Text negotiations in full feature phase, one at a time: SendTargets, and what may change during a session; RFC 7143,
 * 11.10.
 */
final class TextNegotiation {
    private static final String SEND_TARGETS = "SendTargets";
    private static final String SEGMENT_LENGTH = "MaxRecvDataSegmentLength";
    private static final byte[] NO_TEXT = {};
    private static final int ACCEPTED = 0;

    private final PortalGroup group;
    private final Session session;
    private final Transport transport;
    private final OperationalNegotiation operational;
    private final ByteArrayOutputStream text = new ByteArrayOutputStream();
    private final Set<String> negotiated = new HashSet<>();
    private final byte[] header = new byte[Pdu.BHS_BYTES];
    private final TextResponse response = new TextResponse(header);
    /** Over all requests of the negotiation. */
    private long textBytes;

    private byte[] answer = NO_TEXT;
    private int answered;
    private int transferTag = Pdu.NO_TAG;

    TextNegotiation(PortalGroup group, Session session, Transport transport) {
        this.group = group;
        this.session = session;
        this.transport = transport;
        this.operational = new OperationalNegotiation(group.limits(), session.parameters(), session.isDiscovery());
    }

    /**
     * Takes a request; answers by {@code sender}, or returns why the request is to be rejected, see
     * {@link RejectReason}.
     */
    int request(TextRequest request, byte[] data, int dataBytes, ResponseSender sender) {
        if (request.targetTransferTag() == Pdu.NO_TAG) {
            reset();
        } else if (request.targetTransferTag() != transferTag) {
            return RejectReason.INVALID_PDU_FIELD;
        }
        if (request.isContinued() && request.isFinal()) {
            return reject(RejectReason.PROTOCOL_ERROR);
        }
        textBytes += dataBytes;
        if (textBytes > group.limits().textBytes()) {
            return reject(RejectReason.OUT_OF_RESOURCES);
        }
        text.write(data, 0, dataBytes);
        if (!request.isContinued() && answered == answer.length) {
            List<KeyValue> offers;
            try {
                offers = KeyValue.parse(text.toByteArray(), text.size());
            } catch (KeyValue.MalformedTextException e) {
                return reject(RejectReason.PROTOCOL_ERROR);
            }
            if (!offers.stream().allMatch(offer -> negotiated.add(offer.key()))) {
                return reject(RejectReason.PROTOCOL_ERROR); // once per negotiation; RFC 7143, 6.4
            }
            answer(offers);
            text.reset();
        }
        respond(request, sender);
        return ACCEPTED;
    }

    private int reject(int reason) {
        reset();
        return reason;
    }

    private void reset() {
        text.reset();
        textBytes = 0;
        negotiated.clear();
        answer = NO_TEXT;
        answered = 0;
        transferTag = Pdu.NO_TAG;
    }

    private void respond(TextRequest request, ResponseSender sender) {
        int bytes = Math.min(answer.length - answered, session.parameters().sendSegmentBytes);
        boolean more = answered + bytes < answer.length;
        boolean last = request.isFinal() && !more;
        response.begin().setInitiatorTaskTag(request.initiatorTaskTag());
        response.setContinued(more);
        response.setFinal(last);
        if (last) {
            transferTag = Pdu.NO_TAG;
        } else if (transferTag == Pdu.NO_TAG) {
            transferTag = session.nextTransferTag();
        }
        response.setTargetTransferTag(transferTag);
        byte[] part = Arrays.copyOfRange(answer, answered, answered + bytes);
        answered += bytes;
        sender.sendStatus(response, part, bytes);
    }

    private void answer(List<KeyValue> offers) {
        List<KeyValue> answers = new ArrayList<>();
        for (KeyValue offer : offers) {
            if (offer.key().equals(SEND_TARGETS)) {
                sendTargets(offer.value(), answers);
            } else if (offer.key().equals(SEGMENT_LENGTH)) {
                List<KeyValue> refused = operational.answer(List.of(offer));
                String ours = Integer.toString(group.limits().receiveSegmentBytes());
                answers.addAll(refused.isEmpty() ? List.of(new KeyValue(SEGMENT_LENGTH, ours)) : refused);
            } else if (operational.knows(offer.key())) {
                answers.add(new KeyValue(offer.key(), KeyValue.REJECT)); // only a login may change it
            } else if (!offer.key().equals("InitiatorAlias") && !offer.isRefusal()) {
                answers.add(new KeyValue(offer.key(), KeyValue.NOT_UNDERSTOOD));
            }
        }
        answer = KeyValue.format(answers);
        answered = 0;
    }

    /** SendTargets; RFC 7143, appendix C. */
    private void sendTargets(String which, List<KeyValue> answers) {
        List<IscsiTarget> targets;
        if (which.equals("All")) {
            targets = session.isDiscovery() ? group.all().targets() : null;
        } else if (which.isEmpty()) {
            targets = session.isDiscovery() ? null : List.of(session.target());
        } else {
            targets = named(which);
        }
        if (targets == null) {
            answers.add(new KeyValue(SEND_TARGETS, KeyValue.REJECT));
            return;
        }
        for (IscsiTarget target : targets) {
            answers.add(new KeyValue("TargetName", target.name()));
            for (String address : group.all().targetAddresses(transport.localAddress())) {
                answers.add(new KeyValue("TargetAddress", address));
            }
        }
    }

    private List<IscsiTarget> named(String name) {
        if (!IscsiTarget.isName(name)) {
            return null;
        }
        IscsiTarget target = group.all().target(name);
        return target == null ? List.of() : List.of(target);
    }
}
