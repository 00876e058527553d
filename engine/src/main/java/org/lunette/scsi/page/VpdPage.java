package org.lunette.scsi.page;

import org.lunette.command.Nexus;

/**
 * A vital product data page; SPC-5.
 *
 * @param code the PAGE CODE
 * @param name as in the standard
 * @param contents writes what follows the 4 bytes of the header
 */
public record VpdPage(int code, String name, Contents contents) {
    /** Writes a page's contents. */
    @FunctionalInterface
    public interface Contents {
        /** Adds the bytes, as the nexus is to see them. */
        void write(PageBuffer page, Nexus nexus);
    }
}
