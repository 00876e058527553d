package org.lunette.app;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.lunette.admin.RefusalException;
import org.lunette.scsi.primary.ReservationAdministration;
import org.lunette.scsi.reservation.ActionResult.Outcome;

/** Ends reservations that those who made them cannot end any more: all of a device's, or those of one key. */
final class PrClearVerb implements Verb {
    private static final String NAME = "name";
    private static final String KEY = "key";
    private static final String HEXADECIMAL = "(0[xX])?[0-9a-fA-F]{1,16}";
    private static final int RADIX = 16;

    private final List<Unit> units;
    private final boolean scst;

    /** @param scst whether SCST's core has the reservations */
    PrClearVerb(List<Unit> units, boolean scst) {
        this.units = units;
        this.scst = scst;
    }

    @Override
    public String name() {
        return "pr-clear";
    }

    /** Without a key, everything is cleared. */
    @Override
    public Set<String> arguments() {
        return Set.of(NAME, KEY);
    }

    @Override
    public Object perform(Map<String, String> arguments) throws RefusalException {
        String name = Verbs.required(arguments, NAME);
        ReservationAdministration reservations = Verbs.unit(units, name).unit().reservations();
        if (scst) {
            throw new RefusalException("the reservations of these devices are not this server's, but SCST's");
        }
        String key = arguments.get(KEY);
        CompletableFuture<Outcome> ended = new CompletableFuture<>();
        if (key == null) {
            reservations.clear(ended::complete);
        } else if (key.matches(HEXADECIMAL)) {
            reservations.clear(Long.parseUnsignedLong(key.replaceFirst("0[xX]", ""), RADIX), ended::complete);
        } else {
            throw new RefusalException(
                    "'" + key + "' is no key: it is hexadecimal, such as 0x1a2b, as pr-show tells it");
        }
        switch (ended.join()) {
            case DONE -> {
                return Map.of(NAME, name);
            }
            case INVALID_KEY -> throw new RefusalException(name + ": nobody has registered the key " + key);
            default ->
                throw new RefusalException(name + ": it cannot be kept, so nothing has changed; the log says more");
        }
    }
}
