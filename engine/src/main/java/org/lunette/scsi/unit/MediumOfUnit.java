package org.lunette.scsi.unit;

import org.lunette.scsi.block.Medium;
import org.lunette.scsi.page.MediumDescription;
import org.lunette.scsi.primary.ControlPage;

/** What mode parameter headers and block descriptors say of a unit's medium. */
record MediumOfUnit(Medium medium, ControlPage control) implements MediumDescription {
    private static final int WP = 0x80;
    private static final int DPOFUA = 0x10;

    @Override
    public int deviceSpecificParameter() {
        return (medium.readOnly() || control.softwareWriteProtect() ? WP : 0) | DPOFUA;
    }

    @Override
    public long blocks() {
        return medium.blocks();
    }

    @Override
    public int blockBytes() {
        return medium.blockBytes();
    }
}
