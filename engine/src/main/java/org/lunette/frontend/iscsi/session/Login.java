package org.lunette.frontend.iscsi.session;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.lunette.frontend.iscsi.pdu.LoginRequest;
import org.lunette.frontend.iscsi.pdu.LoginStatus;

/**
 * The login phase of one connection, which leads a session of its own; RFC 7143, clause 6.3. Steps from request to
 * reply.
 *
 * <p>Where there are users, the login begins with the security stage and gets on from there only by CHAP; else nobody
 * needs to authenticate.
 */
final class Login {
    private static final Set<String> IDENTITY_KEYS = Set.of(
            "InitiatorName",
            "InitiatorAlias",
            "TargetName",
            "SessionType",
            "TargetAlias",
            "TargetAddress",
            "TargetPortalGroupTag");
    private static final Set<String> FULL_FEATURE_KEYS = Set.of("SendTargets");
    private static final byte[] NO_TEXT = {};

    private final PortalGroup group;
    private final SessionParameters parameters = new SessionParameters();
    private final ByteArrayOutputStream text = new ByteArrayOutputStream();
    private final Map<String, String> negotiated = new HashMap<>();
    private SecurityNegotiation security;
    private OperationalNegotiation operational;
    private int requests;
    /** Over all requests: what was negotiated is kept. */
    private long textBytes;

    private int stage = -1;
    private boolean declared;
    private boolean tagDeclared;
    private boolean discovery;
    private String initiatorName;
    private IscsiTarget target;
    private long isid;
    private int cid;

    /** The answer to one request. */
    record Reply(int status, boolean transit, int currentStage, int nextStage, byte[] text) {
        /** Whether the login is complete with this. */
        boolean entersFullFeaturePhase() {
            return status == LoginStatus.SUCCESS && transit && nextStage == LoginRequest.FULL_FEATURE_PHASE;
        }
    }

    private String failure;

    Login(PortalGroup group) {
        this.group = group;
    }

    /** Why the login failed, for people; null if it did not. */
    String failure() {
        return failure;
    }

    boolean isDiscovery() {
        return discovery;
    }

    /** In lower case. */
    String initiatorName() {
        return initiatorName;
    }

    /** Null in a discovery session. */
    IscsiTarget target() {
        return target;
    }

    long isid() {
        return isid;
    }

    int cid() {
        return cid;
    }

    SessionParameters parameters() {
        return parameters;
    }

    /** Takes a request with its text. */
    Reply request(LoginRequest request, byte[] data, int dataBytes) {
        try {
            return step(request, data, dataBytes);
        } catch (LoginFailedException e) {
            failure = e.getMessage();
            return new Reply(e.status(), false, request.currentStage(), 0, NO_TEXT);
        }
    }

    /** Has the login fail for something other than a request of its own. */
    Reply fail(int status, String why) {
        failure = why;
        return new Reply(status, false, stage, 0, NO_TEXT);
    }

    /** The login has ended, one way or the other, or its connection has. */
    void close() {
        if (security != null) {
            security.close();
        }
    }

    private Reply step(LoginRequest request, byte[] data, int dataBytes) throws LoginFailedException {
        checkHeader(request);
        textBytes += dataBytes;
        if (textBytes > group.limits().textBytes()) {
            throw new LoginFailedException(
                    LoginStatus.OUT_OF_RESOURCES,
                    "text beyond " + group.limits().textBytes() + " bytes");
        }
        text.write(data, 0, dataBytes);
        if (request.isContinued()) {
            return new Reply(LoginStatus.SUCCESS, false, stage, 0, NO_TEXT);
        }
        List<KeyValue> offers = parse();
        checkRepeated(offers);
        if (operational == null) {
            identify(offers);
            checkSession(request);
            security = new SecurityNegotiation(
                    discovery ? group.all().discoveryUsers() : target.users(),
                    group.all().challenges());
            operational = new OperationalNegotiation(group.limits(), parameters, discovery);
        }
        List<KeyValue> answers = new ArrayList<>();
        if (!discovery && !tagDeclared) {
            tagDeclared = true;
            answers.add(new KeyValue("TargetPortalGroupTag", Integer.toString(group.tag())));
        }
        if (stage == LoginRequest.SECURITY_NEGOTIATION) {
            security(offers, answers);
            if (request.isTransit() && !security.isComplete() && !security.isUnderWay()) {
                throw unauthenticated();
            }
        } else if (!security.isComplete()) {
            throw unauthenticated();
        } else {
            operational(offers, answers);
        }
        byte[] reply = KeyValue.format(answers);
        if (reply.length > SessionParameters.DEFAULT_MAX_RECV_DATA_SEGMENT_BYTES) {
            throw new LoginFailedException(LoginStatus.INITIATOR_ERROR, offers.size() + " keys at once");
        }
        int current = stage;
        boolean transit = request.isTransit() && security.isComplete();
        if (transit) {
            stage = request.nextStage();
        }
        return new Reply(LoginStatus.SUCCESS, transit, current, transit ? stage : 0, reply);
    }

    private void checkHeader(LoginRequest request) throws LoginFailedException {
        if (++requests > group.limits().loginRequests()) {
            throw new LoginFailedException(
                    LoginStatus.INITIATOR_ERROR, "more than " + group.limits().loginRequests() + " requests");
        }
        if (request.versionMin() > 0) {
            throw new LoginFailedException(
                    LoginStatus.UNSUPPORTED_VERSION, "version " + request.versionMin() + " at least");
        }
        int current = request.currentStage();
        if (stage < 0) {
            stage = current;
            isid = request.isid();
            cid = request.cid();
        }
        if (current != stage || current > LoginRequest.OPERATIONAL_NEGOTIATION) {
            throw new LoginFailedException(LoginStatus.INITIATOR_ERROR, "CSG " + current + " in stage " + stage);
        }
        if (request.isTransit() && (request.nextStage() <= current || request.nextStage() == 2)) {
            throw new LoginFailedException(
                    LoginStatus.INITIATOR_ERROR, "from stage " + current + " to " + request.nextStage());
        }
        if (request.isTransit() && request.isContinued()) {
            throw new LoginFailedException(LoginStatus.INITIATOR_ERROR, "both T and C");
        }
        if (request.isid() != isid || request.cid() != cid) {
            throw new LoginFailedException(LoginStatus.INVALID_DURING_LOGIN, "ISID or CID changed");
        }
    }

    private List<KeyValue> parse() throws LoginFailedException {
        try {
            return KeyValue.parse(text.toByteArray(), text.size());
        } catch (KeyValue.MalformedTextException e) {
            throw new LoginFailedException(LoginStatus.INITIATOR_ERROR, e.getMessage());
        } finally {
            text.reset();
        }
    }

    /**
     * A key may be negotiated once; RFC 7143, 6.3. Who the parties are may be said again, if it is the same: libiscsi,
     * and so QEMU, does that in the operational stage after a security stage.
     */
    private void checkRepeated(List<KeyValue> offers) throws LoginFailedException {
        for (KeyValue offer : offers) {
            String before = negotiated.putIfAbsent(offer.key(), offer.value());
            boolean same = IDENTITY_KEYS.contains(offer.key()) && offer.value().equals(before);
            if (before != null && !same) {
                throw new LoginFailedException(
                        LoginStatus.INITIATOR_ERROR, printable(offer.key()) + " is negotiated twice");
            }
        }
    }

    private void identify(List<KeyValue> offers) throws LoginFailedException {
        String type = "Normal";
        String targetName = null;
        for (KeyValue offer : offers) {
            switch (offer.key()) {
                case "InitiatorName" -> initiatorName = offer.value();
                case "TargetName" -> targetName = offer.value();
                case "SessionType" -> type = offer.value();
                default -> {}
            }
        }
        if (initiatorName == null || initiatorName.isEmpty()) {
            throw new LoginFailedException(LoginStatus.MISSING_PARAMETER, "no InitiatorName");
        }
        if (!IscsiTarget.isName(initiatorName)) {
            throw new LoginFailedException(
                    LoginStatus.INITIATOR_ERROR, "not an iSCSI name: " + printable(initiatorName));
        }
        initiatorName = initiatorName.toLowerCase(Locale.ROOT);
        if (!type.equals("Normal") && !type.equals("Discovery")) {
            throw new LoginFailedException(LoginStatus.SESSION_TYPE_NOT_SUPPORTED, "SessionType " + printable(type));
        }
        discovery = type.equals("Discovery");
        if (!discovery && targetName == null) {
            throw new LoginFailedException(LoginStatus.MISSING_PARAMETER, "no TargetName");
        }
        target = targetName == null ? null : group.all().target(targetName);
        if (target == null && targetName != null) {
            throw new LoginFailedException(LoginStatus.NOT_FOUND, "no target " + printable(targetName));
        }
    }

    /** With a TSIH the initiator means to add a connection to a session: sessions here have one. */
    private void checkSession(LoginRequest request) throws LoginFailedException {
        if (request.tsih() == 0) {
            return;
        }
        if (!group.hasSession(request.tsih())) {
            throw new LoginFailedException(LoginStatus.SESSION_DOES_NOT_EXIST, "no session " + request.tsih());
        }
        throw new LoginFailedException(
                LoginStatus.TOO_MANY_CONNECTIONS, "a second connection for session " + request.tsih());
    }

    private static LoginFailedException unauthenticated() {
        return new LoginFailedException(LoginStatus.AUTHENTICATION_FAILURE, "on without authentication");
    }

    private void security(List<KeyValue> offers, List<KeyValue> answers) throws LoginFailedException {
        List<KeyValue> known = new ArrayList<>();
        for (KeyValue offer : offers) {
            if (SecurityNegotiation.knows(offer.key())) {
                known.add(offer);
            } else if (operational.knows(offer.key())) {
                answers.add(new KeyValue(offer.key(), KeyValue.REJECT));
            } else {
                other(offer, answers);
            }
        }
        security.negotiate(known, answers);
    }

    private void operational(List<KeyValue> offers, List<KeyValue> answers) {
        List<KeyValue> known = new ArrayList<>();
        for (KeyValue offer : offers) {
            if (operational.knows(offer.key())) {
                known.add(offer);
            } else if (SecurityNegotiation.knows(offer.key())) {
                answers.add(new KeyValue(offer.key(), KeyValue.REJECT));
            } else {
                other(offer, answers);
            }
        }
        answers.addAll(operational.answer(known));
        if (!declared) {
            declared = true;
            answers.add(new KeyValue(
                    "MaxRecvDataSegmentLength", Integer.toString(group.limits().receiveSegmentBytes())));
        }
    }

    private static void other(KeyValue offer, List<KeyValue> answers) {
        if (FULL_FEATURE_KEYS.contains(offer.key())) {
            answers.add(new KeyValue(offer.key(), KeyValue.REJECT));
        } else if (!IDENTITY_KEYS.contains(offer.key()) && !offer.isRefusal()) {
            answers.add(new KeyValue(offer.key(), KeyValue.NOT_UNDERSTOOD));
        }
    }

    /** What a peer sent, fit for a log: without what begins a line, steers a terminal or turns the order of letters. */
    static String printable(String text) {
        String shortened =
                text.length() > IscsiTarget.MAX_NAME_BYTES ? text.substring(0, IscsiTarget.MAX_NAME_BYTES) + "…" : text;
        return shortened.replaceAll("[\\p{C}\\p{Zl}\\p{Zp}]", "?");
    }
}
