package org.lunette.scsi.copy;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.lunette.command.AdditionalSense;
import org.lunette.command.Nexus;
import org.lunette.command.SenseKey;
import org.lunette.scsi.page.Designator;
import org.lunette.scsi.page.PageBuffer;

/**
 * The ROD tokens of an engine. Bounded; one that is no more valid is remembered, so that its user learns why, until its
 * place is needed. Any thread may call.
 */
final class RodTokens {
    private static final int HEADER_BYTES = 8;
    private static final int IDENTIFIER = 8;
    private static final int CSCD_DESIGNATOR_BYTES = 20;
    /** EXTENDED ROD TOKEN DATA: what makes it unguessable. */
    private static final int RANDOM_BYTES = 352;

    private final Map<Long, RodToken> byIdentifier = new LinkedHashMap<>();
    private final SecureRandom random = new SecureRandom();
    private final LongSupplier nanoClock;

    RodTokens(LongSupplier nanoClock) {
        this.nanoClock = nanoClock;
    }

    /** Makes a token, which watches its ranges from now on. */
    synchronized RodToken create(CopyDevice device, List<Extent> extents, Nexus nexus, int inactivityS)
            throws CopyFailure {
        if (byIdentifier.size() == CopyLimits.MAX_TOKENS && !dropInvalid()) {
            throw CopyFailure.of(SenseKey.ILLEGAL_REQUEST, AdditionalSense.INSUFFICIENT_RESOURCES_TO_CREATE_ROD_TOKEN);
        }
        long identifier = random.nextLong();
        long lengthBytes = extents.stream().mapToLong(Extent::lengthBytes).sum();
        byte[] bytes = format(identifier, device, lengthBytes);
        RodToken token = new RodToken(bytes, device, extents, nexus, TimeUnit.SECONDS.toNanos(inactivityS), nanoClock);
        byIdentifier.put(identifier, token);
        device.watch().add(token);
        return token;
    }

    private boolean dropInvalid() {
        Iterator<RodToken> eldestFirst = byIdentifier.values().iterator();
        while (eldestFirst.hasNext()) {
            if (eldestFirst.next().invalidity() != null) {
                eldestFirst.remove();
                return true;
            }
        }
        return false;
    }

    private byte[] format(long identifier, CopyDevice device, long lengthBytes) {
        PageBuffer token = new PageBuffer()
                .put32(RodToken.CHANGE_VULNERABLE)
                .zeros(2)
                .put16(RodToken.LENGTH_BYTES - HEADER_BYTES)
                .put64(identifier);
        addCreator(token, device);
        token.zeros(8).put64(lengthBytes).zeros(32);
        token.put32(device.blockBytes()).zeros(28).zeros(32);
        byte[] secret = new byte[RANDOM_BYTES];
        random.nextBytes(secret);
        return token.put(secret).toBytes();
    }

    /** CREATOR LOGICAL UNIT DESCRIPTOR. */
    private static void addCreator(PageBuffer token, CopyDevice device) {
        Designator name = device.designators().stream()
                .filter(designator -> designator.value().remaining() <= CSCD_DESIGNATOR_BYTES)
                .findFirst()
                .orElseThrow();
        byte[] value = name.bytes();
        token.put8(CscdDescriptor.TYPE_CODE)
                .zeros(3)
                .put8(name.codeSet())
                .put8(name.type())
                .put8(0)
                .put8(value.length)
                .put(value)
                .zeros(CSCD_DESIGNATOR_BYTES - value.length)
                .put32(device.blockBytes());
    }

    /**
     * The token that these bytes are.
     *
     * @param at where in the parameter list they are
     * @throws CopyFailure if there is no valid one
     */
    synchronized RodToken find(byte[] bytes, int at) throws CopyFailure {
        ByteBuffer token = ByteBuffer.wrap(bytes);
        if ((token.getInt(0) & 0xffff_ffffL) != RodToken.CHANGE_VULNERABLE) {
            throw CopyFailure.illegal(AdditionalSense.UNSUPPORTED_TOKEN_TYPE, at, -1);
        }
        if ((token.getShort(6) & 0xffff) != RodToken.LENGTH_BYTES - HEADER_BYTES) {
            throw CopyFailure.illegal(AdditionalSense.INVALID_TOKEN_LENGTH, at + 6, -1);
        }
        RodToken found = byIdentifier.get(token.getLong(IDENTIFIER));
        if (found == null) {
            throw CopyFailure.illegal(AdditionalSense.TOKEN_UNKNOWN, at, -1);
        }
        if (!MessageDigest.isEqual(found.bytes(), bytes)) {
            throw CopyFailure.illegal(AdditionalSense.TOKEN_CORRUPT, at, -1);
        }
        AdditionalSense invalidity = found.invalidity();
        if (invalidity != null) {
            throw CopyFailure.illegal(invalidity, at, -1);
        }
        found.use();
        return found;
    }

    /** A unit goes, and the tokens for its data with it. */
    synchronized void cancel(CopyDevice device) {
        for (RodToken token : byIdentifier.values()) {
            if (token.device() == device) {
                token.invalidate(AdditionalSense.TOKEN_CANCELLED);
            }
        }
    }
}
