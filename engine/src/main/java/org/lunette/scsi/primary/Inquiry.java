package org.lunette.scsi.primary;

import java.util.List;
import org.lunette.command.Command;
import org.lunette.scsi.page.PageBuffer;
import org.lunette.scsi.page.UnitIdentity;
import org.lunette.scsi.page.VpdPages;
import org.lunette.scsi.path.PathNeed;
import org.lunette.scsi.readiness.Need;
import org.lunette.scsi.table.Opcode;
import org.lunette.scsi.table.OpcodeTable;
import org.lunette.scsi.task.Task;

/** INQUIRY; SPC-5. */
public final class Inquiry implements OpcodeTable.Source {
    /** Peripheral qualifier 000b (connected), device type 00h (direct access block device). */
    public static final int DISK = 0x00;
    /** Peripheral qualifier 011b, device type 1Fh: there is no unit at this LUN, and none could be. */
    public static final int NO_UNIT = 0x7f;
    /** Device type 1Eh, a well-known logical unit. */
    public static final int WELL_KNOWN = 0x1e;

    private static final int STANDARD_BYTES = 96;
    private static final int VERSION_SPC_4 = 0x06;
    private static final int RESPONSE_FORMAT = 3;
    private static final int HISUP_AND_FORMAT_2 = 0x12;
    private static final int NORMACA = 0x20;
    private static final int THREE_PC = 0x08;
    private static final int CMDQUE = 0x02;
    private static final int MAX_VERSION_DESCRIPTORS = 8;
    private static final int EVPD = 0x01;

    private static final int RMB = 0x80;
    private static final int ABILITIES = 5;
    private static final int TPGS_IMPLICIT = 0x10;
    private static final int TPGS_EXPLICIT = 0x20;

    private final UnitIdentity identity;
    private final VpdPages pages;
    private final int targetPortGroupSupport;
    private final boolean normalAca;

    /**
     * @param implicit whether the unit reports target port groups itself: TPGS
     * @param explicit whether initiators may change their states as well
     * @param normalAca whether the unit establishes ACA conditions: NORMACA
     */
    public Inquiry(UnitIdentity identity, VpdPages pages, boolean implicit, boolean explicit, boolean normalAca) {
        this.identity = identity;
        this.pages = pages;
        this.targetPortGroupSupport = (implicit ? TPGS_IMPLICIT : 0) | (explicit ? TPGS_EXPLICIT : 0);
        this.normalAca = normalAca;
    }

    @Override
    public void declare(List<Opcode> commands) {
        commands.add(Opcode.named("INQUIRY", "12 01 ff ff ff 00")
                .refuse(1, 0x02)
                .length(3, 2)
                .needs(Need.NOTHING)
                .passesAttentions()
                .passesLegacyReservation()
                .needs(PathNeed.NONE)
                .handledBy(this::inquire));
    }

    private void inquire(Task task) {
        Command command = task.command();
        int pageCode = command.cdb8(2);
        PageBuffer data;
        if ((command.cdb8(1) & EVPD) != 0) {
            data = pages.write(pageCode, DISK, command.nexus());
        } else {
            data = pageCode == 0 ? standard() : null;
        }
        if (data == null) {
            task.invalidCdb(2, 7);
        } else {
            task.good(data.array(), data.length(), command.cdb16(3));
        }
    }

    private PageBuffer standard() {
        PageBuffer data = standard(DISK, identity);
        data.set8(RESPONSE_FORMAT, HISUP_AND_FORMAT_2 | (normalAca ? NORMACA : 0));
        data.set8(ABILITIES, THREE_PC | targetPortGroupSupport);
        return data;
    }

    /** Standard INQUIRY data; SPC-5. */
    public static PageBuffer standard(int peripheral, UnitIdentity identity) {
        PageBuffer data = new PageBuffer()
                .put8(peripheral)
                .put8(identity.removable() ? RMB : 0)
                .put8(VERSION_SPC_4)
                .put8(HISUP_AND_FORMAT_2)
                .put8(STANDARD_BYTES - 5)
                .put8(0)
                .put8(0)
                .put8(CMDQUE)
                .ascii(identity.vendor(), 8)
                .ascii(identity.product(), 16)
                .ascii(identity.revision(), 4)
                .zeros(22);
        identity.versionDescriptors().stream().limit(MAX_VERSION_DESCRIPTORS).forEach(data::put16);
        return data.zeros(STANDARD_BYTES - data.length());
    }
}
