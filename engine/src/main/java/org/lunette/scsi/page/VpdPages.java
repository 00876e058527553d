package org.lunette.scsi.page;

import java.util.Collection;
import java.util.List;
import java.util.TreeMap;
import org.lunette.command.Nexus;

/** The vital product data pages of a logical unit, with page 00h that lists them. Immutable. */
public final class VpdPages {
    private static final int SUPPORTED_PAGES = 0x00;
    private static final int HEADER_BYTES = 4;

    private final TreeMap<Integer, VpdPage> byCode = new TreeMap<>();

    public VpdPages(List<VpdPage> pages) {
        byCode.put(SUPPORTED_PAGES, new VpdPage(SUPPORTED_PAGES, "Supported VPD Pages", this::list));
        for (VpdPage page : pages) {
            if (byCode.put(page.code(), page) != null) {
                throw new IllegalArgumentException(
                        "VPD page " + Integer.toHexString(page.code()) + "h is declared twice");
            }
        }
    }

    private void list(PageBuffer page, Nexus nexus) {
        byCode.keySet().forEach(page::put8);
    }

    /** All pages, by code. */
    public Collection<VpdPage> all() {
        return byCode.values();
    }

    /** A page with its header; null if there is none of this code. */
    public PageBuffer write(int code, int peripheral, Nexus nexus) {
        VpdPage page = byCode.get(code);
        if (page == null) {
            return null;
        }
        PageBuffer bytes = new PageBuffer().put8(peripheral).put8(code).zeros(2);
        page.contents().write(bytes, nexus);
        bytes.set16(2, bytes.length() - HEADER_BYTES);
        return bytes;
    }
}
