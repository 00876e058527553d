package org.lunette.app;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.lunette.admin.RefusalException;
import org.lunette.scsi.primary.ReservationAdministration;
import org.lunette.scsi.reservation.ActionResult.Outcome;

/** Ends reservations of a device whose owners cannot: a node that is gone for good. */
final class PrClearVerb implements Verb {
    private static final String NAME = "name";
    private static final String KEY = "key";
    /** Until the new state is kept. */
    private static final int LIMIT_S = 30;

    private final List<Unit> units;
    private final boolean ofScst;

    /** @param ofScst whether SCST has the devices, and so their reservations */
    PrClearVerb(List<Unit> units, boolean ofScst) {
        this.units = units;
        this.ofScst = ofScst;
    }

    @Override
    public String name() {
        return "pr-clear";
    }

    /** The key may be left out: then all of them are meant. */
    @Override
    public Set<String> arguments() {
        return Set.of(NAME, KEY);
    }

    @Override
    public Object perform(Map<String, String> arguments) throws RefusalException {
        String name = Verbs.required(arguments, NAME);
        ReservationAdministration reservations = PrShowVerb.reservations(units, name, ofScst);
        String key = arguments.get(KEY);
        CompletableFuture<Outcome> ended = new CompletableFuture<>();
        if (key == null) {
            reservations.clear(ended::complete);
        } else {
            reservations.clear(parse(key), ended::complete);
        }
        switch (outcome(name, ended)) {
            case DONE -> {}
            case INVALID_KEY -> throw new RefusalException(name + ": nobody has registered the key " + key);
            case NOT_KEPT ->
                throw new RefusalException(
                        name + ": nothing persistent was changed, since it cannot be kept; the log tells why");
            default -> throw new RefusalException(name + ": the reservations cannot be cleared");
        }
        return Map.of(NAME, name);
    }

    /** A key as {@code sg_persist} writes and reads it: hexadecimal, with 0x or without. */
    private static long parse(String key) throws RefusalException {
        try {
            return Long.parseUnsignedLong(key.replaceFirst("^0[xX]", ""), 16);
        } catch (NumberFormatException e) {
            throw new RefusalException("'" + key + "' is no key: it is 1 to 16 hexadecimal digits, such as 0x1a2b", e);
        }
    }

    private static Outcome outcome(String name, CompletableFuture<Outcome> ended) throws RefusalException {
        try {
            return ended.get(LIMIT_S, TimeUnit.SECONDS);
        } catch (TimeoutException | ExecutionException e) {
            throw new RefusalException(
                    name + ": within " + LIMIT_S + " s it was not kept; 'pr show' tells what has become of it", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RefusalException(name + ": the server ends", e);
        }
    }
}
