package org.lunette.scsi.page;

/** What a mode parameter header and block descriptor say of the medium; SPC-5 and SBC-4. */
public interface MediumDescription {
    /** The DEVICE-SPECIFIC PARAMETER: write protection, and whether DPO and FUA are supported. */
    int deviceSpecificParameter();

    /** The number of logical blocks. */
    long blocks();

    /** The length of a logical block, in bytes. */
    int blockBytes();
}
