package org.lunette.app;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.lunette.admin.RefusalException;
import org.lunette.scsi.reservation.Registration;
import org.lunette.scsi.reservation.ReservationState;

/** Tells the persistent reservations of a device. */
final class PrShowVerb implements Verb {
    private static final String NAME = "name";
    private static final String NO_RESERVATION = "none";

    private final List<Unit> units;

    /** The result. */
    record Reservations(String name, long generation, String type, List<Registered> registrations) {}

    /**
     * A registration.
     *
     * @param key as {@code sg_persist} writes it
     * @param holder whether it holds the reservation
     */
    record Registered(String key, String initiator, String targetPort, boolean holder) {}

    PrShowVerb(List<Unit> units) {
        this.units = units;
    }

    @Override
    public String name() {
        return "pr-show";
    }

    @Override
    public Set<String> arguments() {
        return Set.of(NAME);
    }

    @Override
    public Object perform(Map<String, String> arguments) throws RefusalException {
        String name = Verbs.required(arguments, NAME);
        ReservationState state = Verbs.unit(units, name).unit().reservations().state();
        List<Registered> registrations = new ArrayList<>();
        for (Registration registration : state.registrations()) {
            registrations.add(new Registered(
                    "0x" + Long.toHexString(registration.key()),
                    registration.nexus().initiatorPort(),
                    registration.nexus().targetPort(),
                    state.holds(registration)));
        }
        String type = state.type() == null
                ? NO_RESERVATION
                : state.type().name().toLowerCase(Locale.ROOT).replace('_', ' ');
        return new Reservations(name, Integer.toUnsignedLong(state.generation()), type, registrations);
    }
}
