package org.lunette.scsi.reservation;

import java.util.ArrayList;
import java.util.List;
import org.lunette.command.Nexus;
import org.lunette.scsi.reservation.ActionResult.Loss;
import org.lunette.scsi.reservation.ActionResult.Notice;
import org.lunette.scsi.reservation.ActionResult.Outcome;

/** One REGISTER, or REGISTER AND IGNORE EXISTING KEY, as it goes: for every nexus that it concerns, or for none. */
final class Registering {
    private final RegisterRequest request;
    private final ReservationState old;
    private final List<Registration> all;
    private ReservationType type;
    private Registration holder;
    private boolean tellsOfRelease;

    Registering(RegisterRequest request, ReservationState old) {
        this.request = request;
        this.old = old;
        this.all = new ArrayList<>(old.registrations());
        this.type = old.type();
        this.holder = old.holder();
    }

    ActionResult result() {
        Registration mine = old.of(request.nexus());
        if (hasOtherKey(mine)) {
            return ActionResult.refused(Outcome.CONFLICT);
        }
        if (request.specified() != null && mine != null) {
            return ActionResult.refused(Outcome.INVALID_SPECIFICATION);
        }
        for (Nexus other : request.otherPorts()) {
            Registration there = old.of(other);
            if (hasOtherKey(there) && (there != null || request.newKey() != 0)) {
                return ActionResult.refused(Outcome.CONFLICT);
            }
            register(other, there);
        }
        register(request.nexus(), mine);
        if (request.specified() != null && request.newKey() != 0) {
            addSpecified();
        }
        return all.size() > PersistentReservations.MAX_REGISTRATIONS
                ? ActionResult.refused(Outcome.NO_RESOURCES)
                : done();
    }

    private boolean hasOtherKey(Registration registration) {
        long registered = registration == null ? 0 : registration.key();
        return !request.ignoreKey() && request.key() != registered;
    }

    private void register(Nexus nexus, Registration before) {
        if (before == null) {
            if (request.newKey() != 0) {
                all.add(new Registration(nexus, request.newKey()));
            }
        } else if (request.newKey() == 0) {
            remove(before);
        } else {
            Registration changed = new Registration(nexus, request.newKey());
            all.set(all.indexOf(before), changed);
            holder = before.equals(holder) ? changed : holder;
        }
    }

    private void remove(Registration gone) {
        all.remove(gone);
        boolean releases = type != null && (type.allRegistrants() ? all.isEmpty() : gone.equals(holder));
        if (releases) {
            tellsOfRelease = type.forRegistrants();
            type = null;
            holder = null;
        }
    }

    /** Those that are registered already keep their keys. Ends when there are too many, however long the list is. */
    private void addSpecified() {
        for (Nexus nexus : request.specified()) {
            if (all.size() > PersistentReservations.MAX_REGISTRATIONS) {
                return;
            }
            if (all.stream().noneMatch(registration -> registration.isOf(nexus))) {
                all.add(new Registration(nexus, request.newKey()));
            }
        }
    }

    private ActionResult done() {
        boolean changes =
                request.newKey() != 0 || all.size() != old.registrations().size();
        if (!changes) {
            return ActionResult.done(old); // nor does it say whether what others have registered persists
        }
        List<Notice> notices = tellsOfRelease
                ? all.stream()
                        .map(registration -> new Notice(registration, Loss.RESERVATION_RELEASED))
                        .toList()
                : List.of();
        return ActionResult.done(
                new ReservationState(List.copyOf(all), old.generation() + 1, type, holder, request.persists()),
                notices);
    }
}
