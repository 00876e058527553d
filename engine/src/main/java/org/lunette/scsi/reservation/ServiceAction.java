package org.lunette.scsi.reservation;

/** A service action of PERSISTENT RESERVE OUT: what it makes of a state. It changes nothing itself. */
@FunctionalInterface
public interface ServiceAction {
    ActionResult on(ReservationState state);
}
