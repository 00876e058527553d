package org.lunette.scsi.primary;

import java.util.List;
import java.util.function.Consumer;
import org.lunette.command.ScsiStatus;
import org.lunette.scsi.page.PageBuffer;
import org.lunette.scsi.path.PathNeed;
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
    private static final int CRH = 0x10;
    private static final int TMV = 0x80;
    private static final int HOLDER = 0x01;
    private static final int ISCSI = 0x05;
    private static final int ISCSI_PORT_FORMAT = 0x40;
    private static final String ISCSI_PORT_SEPARATOR = ",i,0x";
    private static final int MIN_TRANSPORT_ID_BYTES = 24;

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
        if (reservations.legacyReserved()) {
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

    private static PageBuffer capabilities() {
        int types = 0;
        for (ReservationType type : ReservationType.values()) {
            types |= type.code() == 8 ? 1 : 1 << 8 + type.code();
        }
        return new PageBuffer().put16(8).put8(CRH).put8(TMV).put16(types).zeros(2);
    }

    private void fullStatus(PageBuffer data) {
        ReservationState state = reservations.persistent().state();
        data.put32(state.generation()).zeros(4);
        for (Registration registration : state.registrations()) {
            boolean holder = state.holds(registration);
            byte[] transportId = transportId(registration.nexus().initiatorPort());
            data.put64(registration.key()).zeros(4).put8(holder ? HOLDER : 0);
            data.put8(holder ? state.type().code() : 0)
                    .zeros(4)
                    .put16(registration.nexus().relativeTargetPort());
            data.put32(transportId.length).put(transportId);
        }
    }

    /** The initiator port as an iSCSI TransportID; SPC-5. A name that is not that of an iSCSI port goes in as it is. */
    private static byte[] transportId(String initiatorPort) {
        int format = initiatorPort.contains(ISCSI_PORT_SEPARATOR) ? ISCSI_PORT_FORMAT : 0;
        PageBuffer id = new PageBuffer().put8(format | ISCSI).zeros(3);
        id.nullPadded(initiatorPort).zeros(Math.max(0, MIN_TRANSPORT_ID_BYTES - id.length()));
        id.set16(2, id.length() - 4);
        return id.toBytes();
    }
}
