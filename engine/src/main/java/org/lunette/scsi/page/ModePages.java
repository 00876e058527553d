package org.lunette.scsi.page;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/** The mode pages of a logical unit. Any thread may call; a parameter list is taken as a whole or not at all. */
public final class ModePages {
    /** The page code, and the subpage code, that stand for all. */
    public static final int ALL_PAGES = 0x3f;
    /** See {@link #ALL_PAGES}. */
    public static final int ALL_SUBPAGES = 0xff;

    private static final int CODE_BITS = 0x3f;

    /** Which values of a page are meant; SPC-5, the PC field. */
    public enum Control {
        CURRENT,
        CHANGEABLE,
        DEFAULT
    }

    /**
     * What came of a parameter list.
     *
     * @param errorOffset where in the list the first field in error is, or -1
     * @param truncated whether the list ends within a page
     * @param changed whether a value is now another one
     */
    public record Selection(int errorOffset, boolean truncated, boolean changed) {}

    private record Wanted(ModePage page, byte[] values) {}

    private final List<ModePage> pages;

    public ModePages(List<ModePage> pages) {
        List<ModePage> sorted = new ArrayList<>(pages);
        sorted.sort(Comparator.comparingInt(ModePage::code).thenComparingInt(ModePage::subpage));
        this.pages = List.copyOf(sorted);
    }

    /** All pages, by page and subpage code. */
    public List<ModePage> all() {
        return pages;
    }

    /** Adds the pages that a page and subpage code ask for; returns false if there are none. */
    public synchronized boolean write(PageBuffer to, Control control, int code, int subpage) {
        boolean found = false;
        for (ModePage page : pages) {
            boolean codeFits = code == ALL_PAGES || page.code() == code;
            boolean subpageFits = subpage == ALL_SUBPAGES || page.subpage() == subpage;
            if (codeFits && subpageFits) {
                to.put(
                        switch (control) {
                            case CURRENT -> page.current();
                            case CHANGEABLE -> page.changeable();
                            case DEFAULT -> page.defaults();
                        });
                found = true;
            }
        }
        return found;
    }

    /** Takes the pages in a parameter list of MODE SELECT from {@code offset} to its end; SPC-5. */
    public synchronized Selection select(byte[] list, int offset) {
        List<Wanted> wanted = new ArrayList<>();
        int at = offset;
        while (at < list.length) {
            ModePage page = find(list, at);
            if (page == null) {
                return new Selection(at, false, false);
            }
            if (at + page.headerBytes() > list.length) {
                return new Selection(-1, true, false);
            }
            byte[] header = Arrays.copyOfRange(list, at, at + page.headerBytes());
            if (lengthOf(header) != page.lengthBytes()) {
                return new Selection(at + page.headerBytes() - (page.headerBytes() == 4 ? 2 : 1), false, false);
            }
            if (at + page.lengthBytes() > list.length) {
                return new Selection(-1, true, false);
            }
            byte[] values = Arrays.copyOfRange(list, at, at + page.lengthBytes());
            int unchangeable = page.firstUnchangeable(values);
            if (unchangeable >= 0) {
                return new Selection(at + unchangeable, false, false);
            }
            wanted.add(new Wanted(page, values));
            at += page.lengthBytes();
        }
        return new Selection(-1, false, apply(wanted));
    }

    private ModePage find(byte[] list, int at) {
        boolean withSubpage = ModePage.hasSubpage(new byte[] {list[at]});
        int subpage = withSubpage && at + 1 < list.length ? list[at + 1] & 0xff : 0;
        for (ModePage page : pages) {
            boolean sameForm = (page.headerBytes() == 4) == withSubpage;
            if (sameForm && page.code() == (list[at] & CODE_BITS) && page.subpage() == subpage) {
                return page;
            }
        }
        return null;
    }

    private static int lengthOf(byte[] header) {
        return header.length == 4 ? 4 + ((header[2] & 0xff) << 8 | header[3] & 0xff) : 2 + (header[1] & 0xff);
    }

    private static boolean apply(List<Wanted> wanted) {
        boolean changed = false;
        for (Wanted one : wanted) {
            byte[] old = one.page.current();
            byte[] values = one.values;
            System.arraycopy(old, 0, values, 0, one.page.headerBytes()); // the PS bit is ours
            if (!Arrays.equals(old, values)) {
                one.page.set(values);
                changed = true;
            }
        }
        return changed;
    }

    /** Gives every page its default values: there are no saved ones. A reset does this; SPC-5. */
    public synchronized void reset() {
        for (ModePage page : pages) {
            page.set(page.defaults());
        }
    }
}
