package org.lunette.scsi.primary;

import java.util.List;
import java.util.function.Consumer;
import org.lunette.command.ScsiStatus;
import org.lunette.scsi.page.PageBuffer;
import org.lunette.scsi.path.PathNeed;
import org.lunette.scsi.reservation.PersistentReservations;
import org.lunette.scsi.reservation.Registration;
import org.lunette.scsi.reservation.ReservationState;
import org.lunette.scsi.reservation.ReservationType;
import org.lunette.scsi.reservation.Reservations;
import org.lunette.scsi.table.Opcode;
import org.lunette.scsi.table.OpcodeHandler;
import org.lunette.scsi.table.OpcodeTable;
import org.lunette.scsi.task.Task;

/** PERSISTENT RESERVE IN; SPC-5. */
public final class PersistentReserveIn implements OpcodeTable.Source {
    private static final int RLR_C = 0x80;
    private static final int CRH = 0x10;
    private static final int SIP_C = 0x08;
    private static final int ATP_C = 0x04;
    private static final int PTPL_C = 0x01;
    private static final int TMV = 0x80;
    /** TEST UNIT READY is allowed always, what reads the unit's state while others may read: ALLOW COMMANDS 011b. */
    private static final int ALLOW_COMMANDS = 3 << 4;

    private static final int PTPL_A = 0x01;
    private static final int HOLDER = 0x01;

    private final Reservations reservations;

    public PersistentReserveIn(Reservations reservations) {
        this.reservations = reservations;
    }

    @Override
    public void declare(List<Opcode> commands) {
        add(commands, "READ KEYS", "00", task -> report(task, this::keys));
        add(commands, "READ RESERVATION", "01", task -> report(task, this::reservation));
        add(commands, "REPORT CAPABILITIES", "02", task -> answer(task, capabilities()));
        add(commands, "READ FULL STATUS", "03", task -> report(task, this::fullStatus));
    }

    private static void add(List<Opcode> commands, String action, String code, OpcodeHandler handler) {
        commands.add(Opcode.named("PERSISTENT RESERVE IN, " + action, "5e " + code + " 00 00 00 00 00 ff ff 00")
                .withServiceAction()
                .length(7, 2)
                .needs(PathNeed.STANDBY)
                .handledBy(handler));
    }

    private void report(Task task, Consumer<PageBuffer> contents) {
        PageBuffer data = new PageBuffer();
        contents.accept(data);
        data.set32(4, data.length() - 8);
        answer(task, data);
    }

    private void answer(Task task, PageBuffer data) {
        if (reservations.legacyHolder() != null) {
            task.end(ScsiStatus.RESERVATION_CONFLICT);
        } else {
            task.good(data.array(), data.length(), task.command().cdb16(7));
        }
    }

    private void keys(PageBuffer data) {
        ReservationState state = reservations.persistent().state();
        data.put32(state.generation()).zeros(4);
        state.registrations().forEach(registration -> data.put64(registration.key()));
    }

    private void reservation(PageBuffer data) {
        ReservationState state = reservations.persistent().state();
        data.put32(state.generation()).zeros(4);
        if (state.type() != null) {
            data.put64(state.reportedKey()).zeros(5).put8(state.type().code()).zeros(2);
        }
    }

    private PageBuffer capabilities() {
        PersistentReservations persistent = reservations.persistent();
        int types = 0;
        for (ReservationType type : ReservationType.values()) {
            types |= type.code() == 8 ? 1 : 1 << 8 + type.code();
        }
        int supported = RLR_C | CRH | SIP_C | ATP_C | (persistent.canPersist() ? PTPL_C : 0);
        int active = persistent.state().persists() ? PTPL_A : 0;
        return new PageBuffer()
                .put16(8)
                .put8(supported)
                .put8(TMV | ALLOW_COMMANDS | active)
                .put16(types)
                .zeros(2);
    }

    private void fullStatus(PageBuffer data) {
        ReservationState state = reservations.persistent().state();
        data.put32(state.generation()).zeros(4);
        for (Registration registration : state.registrations()) {
            boolean holder = state.holds(registration);
            byte[] transportId = TransportId.of(registration.nexus().initiatorPort());
            data.put64(registration.key()).zeros(4).put8(holder ? HOLDER : 0);
            data.put8(holder ? state.type().code() : 0)
                    .zeros(4)
                    .put16(registration.nexus().relativeTargetPort());
            data.put32(transportId.length).put(transportId);
        }
    }
}
