package org.lunette.scsi.reservation;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.lunette.command.Nexus;

/**
 * A {@link ReservationState} as it is kept: version, APTPL, TYPE, the number of registrations, and of each its key,
 * whether it holds the reservation, the relative target port, and the names of both ports. A state that does not
 * outlive a power loss has no registrations there. PRGENERATION starts anew after a power loss; SPC-5, 6.16.2.
 */
final class ReservationImage {
    private static final int VERSION = 1;
    private static final int NO_TYPE = 0;

    private ReservationImage() {}

    static byte[] of(ReservationState state) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream to = new DataOutputStream(bytes)) {
            boolean empty = !state.persists();
            to.writeByte(VERSION);
            to.writeBoolean(state.persists());
            to.writeByte(empty || state.type() == null ? NO_TYPE : state.type().code());
            to.writeInt(empty ? 0 : state.registrations().size());
            for (Registration one : empty ? List.<Registration>of() : state.registrations()) {
                to.writeLong(one.key());
                to.writeBoolean(one.equals(state.holder()));
                to.writeShort(one.nexus().relativeTargetPort());
                write(to, one.nexus().initiatorPort());
                write(to, one.nexus().targetPort());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e); // memory does not fail
        }
        return bytes.toByteArray();
    }

    private static void write(DataOutputStream to, String name) throws IOException {
        byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        to.writeShort(bytes.length);
        to.write(bytes);
    }

    /**
     * Reads a state.
     *
     * @throws IllegalArgumentException if it is none; the message says why
     */
    static ReservationState read(byte[] image) {
        try {
            ByteBuffer from = ByteBuffer.wrap(image);
            int version = from.get();
            require(version == VERSION, "its version is " + version + ", not " + VERSION);
            boolean persists = flag(from);
            int code = from.get();
            int count = from.getInt();
            require(count >= 0 && count <= PersistentReservations.MAX_REGISTRATIONS, count + " registrations");
            ReservationState state = registrations(from, count);
            require(!from.hasRemaining(), from.remaining() + " bytes too many");
            require(persists || count == 0, "registrations that do not persist");
            return typed(state, code).persisting(persists);
        } catch (BufferUnderflowException e) {
            throw new IllegalArgumentException("it ends too early", e);
        }
    }

    private static ReservationState registrations(ByteBuffer from, int count) {
        List<Registration> all = new ArrayList<>();
        Registration holder = null;
        for (int i = 0; i < count; i++) {
            long key = from.getLong();
            boolean holds = flag(from);
            int relativeTargetPort = from.getShort() & 0xffff;
            Registration one = new Registration(new Nexus(name(from), name(from), relativeTargetPort), key);
            require(key != 0, "a key of 0");
            require(all.stream().noneMatch(other -> other.isOf(one.nexus())), one.nexus() + " twice");
            require(!holds || holder == null, "two holders");
            holder = holds ? one : holder;
            all.add(one);
        }
        return new ReservationState(List.copyOf(all), 0, null, holder, false);
    }

    private static ReservationState typed(ReservationState state, int code) {
        ReservationType type = code == NO_TYPE ? null : ReservationType.ofCode(code);
        require(code == NO_TYPE || type != null && type.code() == code, "type " + code);
        boolean oneHolds = type != null && !type.allRegistrants();
        require(oneHolds == (state.holder() != null), "type " + code + " and its holder");
        require(type == null || !state.registrations().isEmpty(), "a reservation that nobody holds");
        return state.reserved(type, state.holder());
    }

    private static boolean flag(ByteBuffer from) {
        int value = from.get();
        require(value == 0 || value == 1, "a flag of " + value);
        return value == 1;
    }

    private static String name(ByteBuffer from) {
        int lengthBytes = from.getShort() & 0xffff;
        require(lengthBytes > 0 && lengthBytes <= from.remaining(), "a name of " + lengthBytes + " bytes");
        byte[] bytes = new byte[lengthBytes];
        from.get(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException(otherwise);
        }
    }
}
