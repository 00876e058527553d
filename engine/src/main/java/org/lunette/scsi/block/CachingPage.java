package org.lunette.scsi.block;

import java.util.List;
import org.lunette.scsi.page.ModePage;

/**
 * The mode pages of a block device; SBC-4. WCE is what the store does: it can be changed only for a store with a
 * volatile cache, and then the unit writes through the cache while it is 0.
 */
public final class CachingPage {
    private static final int WCE = 0x04;

    private volatile boolean writeBack;

    private final ModePage recovery =
            ModePage.fixed("Read-Write Error Recovery", "01 0a 00 00 00 00 00 00 00 00 00 00");
    private final ModePage verifyRecovery =
            ModePage.fixed("Verify Error Recovery", "07 0a 00 00 00 00 00 00 00 00 00 00");
    private final ModePage caching;

    CachingPage(boolean volatileCache) {
        String values = " 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00";
        String wce = volatileCache ? "04" : "00";
        caching = new ModePage(
                "Caching",
                "08 12 " + wce + values,
                "00 00 " + wce + values,
                current -> writeBack = (current[2] & WCE) != 0);
    }

    /** The declarations. */
    public List<ModePage> pages() {
        return List.of(recovery, verifyRecovery, caching);
    }

    /** Whether a write may be reported done while it is in a volatile cache: WCE. */
    public boolean writeBack() {
        return writeBack;
    }
}
