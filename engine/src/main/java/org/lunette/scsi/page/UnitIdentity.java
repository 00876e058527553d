package org.lunette.scsi.page;

import java.util.List;

/**
 * How a logical unit names itself.
 *
 * @param vendor T10 VENDOR IDENTIFICATION, up to 8 ASCII characters
 * @param product PRODUCT IDENTIFICATION, up to 16
 * @param revision PRODUCT REVISION LEVEL, up to 4
 * @param serial the unit serial number, ASCII; also what makes the T10 vendor ID designator unique
 * @param naa an NAA designator of 8 bytes
 * @param removable whether the medium can be ejected, RMB
 * @param versionDescriptors the standards that the unit claims to follow; SPC-5, table 154
 */
public record UnitIdentity(
        String vendor,
        String product,
        String revision,
        String serial,
        long naa,
        boolean removable,
        List<Integer> versionDescriptors) {}
