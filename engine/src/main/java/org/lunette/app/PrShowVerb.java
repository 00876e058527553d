package org.lunette.app;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.lunette.admin.RefusalException;
import org.lunette.command.Nexus;
import org.lunette.scsi.primary.ReservationAdministration;
import org.lunette.scsi.reservation.Registration;
import org.lunette.scsi.reservation.ReservationState;
import org.lunette.scsi.unit.LogicalUnit;

/** Tells the persistent reservations of a device. */
final class PrShowVerb implements Verb {
    private static final String NAME = "name";
    private static final String NO_RESERVATION = "none";
    private static final String RESERVED = "RESERVE, by ";

    private final List<Unit> units;
    private final boolean ofScst;

    /** The result. */
    record Reservations(String name, long generation, String type, List<Registered> registrations) {}

    /**
     * A registration.
     *
     * @param key as {@code sg_persist} writes it
     * @param holder whether it holds the reservation
     */
    record Registered(String key, String initiator, String targetPort, boolean holder) {}

    /** @param ofScst whether SCST has the devices, and so their reservations */
    PrShowVerb(List<Unit> units, boolean ofScst) {
        this.units = units;
        this.ofScst = ofScst;
    }

    /** The reservations of a device; refused where they are none of this server's. */
    static ReservationAdministration reservations(List<Unit> units, String name, boolean ofScst)
            throws RefusalException {
        LogicalUnit unit = Verbs.unit(units, name).unit();
        if (ofScst) {
            throw new RefusalException(name + ": SCST keeps the reservations of its devices, in /var/lib/scst/pr;"
                    + " 'sg_persist' shows and changes them from an initiator");
        }
        return unit.reservations();
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
        ReservationAdministration reservations = reservations(units, name, ofScst);
        ReservationState state = reservations.state();
        List<Registered> registrations = new ArrayList<>();
        for (Registration registration : state.registrations()) {
            registrations.add(new Registered(
                    "0x" + Long.toHexString(registration.key()),
                    registration.nexus().initiatorPort(),
                    registration.nexus().targetPort(),
                    state.holds(registration)));
        }
        String type = type(state, reservations.legacyHolder());
        return new Reservations(name, Integer.toUnsignedLong(state.generation()), type, registrations);
    }

    private static String type(ReservationState state, Nexus legacyHolder) {
        if (legacyHolder != null) {
            return RESERVED + legacyHolder.initiatorPort();
        }
        return state.type() == null
                ? NO_RESERVATION
                : state.type().name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
