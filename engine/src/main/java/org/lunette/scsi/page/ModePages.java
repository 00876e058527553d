package org.lunette.scsi.page;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.lunette.store.KeptValues;
import org.lunette.store.StoreCompletion;
import org.lunette.store.StoreStatus;

/** The mode pages of a logical unit. Any thread may call; a parameter list is taken as a whole or not at all. */
public final class ModePages {
    /** The page code, and the subpage code, that stand for all. */
    public static final int ALL_PAGES = 0x3f;
    /** See {@link #ALL_PAGES}. */
    public static final int ALL_SUBPAGES = 0xff;

    private static final int CODE_BITS = 0x3f;
    private static final int PS = 0x80;
    private static final String KEPT = "mode-pages";

    /** Which values of a page are meant; SPC-5, the PC field. */
    public enum Control {
        CURRENT,
        CHANGEABLE,
        DEFAULT,
        SAVED
    }

    /**
     * What came of a parameter list.
     *
     * @param errorOffset where in the list the first field in error is, or -1
     * @param truncated whether the list ends within a page
     * @param changed whether a value is now another one
     */
    public record Selection(int errorOffset, boolean truncated, boolean changed) {}

    private record Wanted(ModePage page, byte[] values, int offset) {}

    /** The pages of a list, or what is wrong with it from {@code end} on. */
    private record Parsed(List<Wanted> wanted, Selection failure, int end) {
        static Parsed failed(Selection failure, int at) {
            return new Parsed(List.of(), failure, at);
        }
    }

    private final List<ModePage> pages;
    private final KeptValues kept;

    /**
     * Pages with the values that were saved last.
     *
     * @param kept where values are saved; perhaps nowhere
     * @throws IllegalArgumentException if what was kept are no mode pages of this unit
     */
    public ModePages(List<ModePage> pages, KeptValues kept) {
        List<ModePage> sorted = new ArrayList<>(pages);
        sorted.sort(Comparator.comparingInt(ModePage::code).thenComparingInt(ModePage::subpage));
        this.pages = List.copyOf(sorted);
        this.kept = kept;
        byte[] image = kept.load(KEPT);
        if (image != null) {
            Parsed parsed = parse(image, 0);
            if (parsed.failure != null) {
                throw new IllegalArgumentException(
                        kept.place(KEPT) + " has mode pages of another version or kind of device, from byte "
                                + parsed.end + " on. Remove it to go on without them");
            }
            promote(parsed.wanted);
            reset();
        }
    }

    /** All pages, by page and subpage code. */
    public List<ModePage> all() {
        return pages;
    }

    /** Whether values can be saved: SP and PS. */
    public boolean saves() {
        return kept.keeps();
    }

    /** Adds the pages that a page and subpage code ask for; returns false if there are none. */
    public synchronized boolean write(PageBuffer to, Control control, int code, int subpage) {
        boolean found = false;
        for (ModePage page : pages) {
            boolean codeFits = code == ALL_PAGES || page.code() == code;
            boolean subpageFits = subpage == ALL_SUBPAGES || page.subpage() == subpage;
            if (codeFits && subpageFits) {
                int at = to.length();
                to.put(
                        switch (control) {
                            case CURRENT -> page.current();
                            case CHANGEABLE -> page.changeable();
                            case DEFAULT -> page.defaults();
                            case SAVED -> page.saved();
                        });
                if (isSaveable(page)) {
                    to.set8(at, to.array()[at] | PS);
                }
                found = true;
            }
        }
        return found;
    }

    private boolean isSaveable(ModePage page) {
        return saves() && page.isChangeable();
    }

    /** Takes the pages in a parameter list of MODE SELECT from {@code offset} to its end; SPC-5. */
    public synchronized Selection select(byte[] list, int offset) {
        Parsed parsed = parse(list, offset);
        if (parsed.failure != null) {
            return parsed.failure;
        }
        for (Wanted one : parsed.wanted) {
            int refused = one.page.firstRefused(one.values);
            if (refused >= 0) {
                return new Selection(one.offset + refused, false, false);
            }
        }
        return new Selection(-1, false, apply(parsed.wanted));
    }

    /** Gives every page its default values; returns whether a value is now another one. RTD does this. */
    public synchronized boolean revert() {
        List<Wanted> defaults = new ArrayList<>();
        pages.forEach(page -> defaults.add(new Wanted(page, page.defaults().clone(), 0)));
        return apply(defaults);
    }

    /** Saves the current values of every page that can be saved: SP. Only where {@link #saves()}. */
    public synchronized void save(StoreCompletion completion) {
        PageBuffer image = new PageBuffer();
        List<Wanted> wanted = new ArrayList<>();
        for (ModePage page : pages) {
            if (isSaveable(page)) {
                wanted.add(new Wanted(page, page.current(), image.length()));
                image.put(page.current());
            }
        }
        kept.save(KEPT, image.toBytes(), (status, errorOffsetBytes) -> {
            if (status == StoreStatus.OK) {
                promote(wanted);
            }
            completion.ended(status, errorOffsetBytes);
        });
    }

    private synchronized void promote(List<Wanted> saved) {
        saved.forEach(one -> one.page.setSaved(one.values));
    }

    /** Takes a list of pages apart; only their form is looked at. */
    private Parsed parse(byte[] list, int offset) {
        List<Wanted> wanted = new ArrayList<>();
        int at = offset;
        while (at < list.length) {
            ModePage page = find(list, at);
            if (page == null) {
                return Parsed.failed(new Selection(at, false, false), at);
            }
            if (at + page.headerBytes() > list.length) {
                return Parsed.failed(new Selection(-1, true, false), at);
            }
            byte[] header = Arrays.copyOfRange(list, at, at + page.headerBytes());
            if (lengthOf(header) != page.lengthBytes()) {
                int field = at + page.headerBytes() - (page.headerBytes() == 4 ? 2 : 1);
                return Parsed.failed(new Selection(field, false, false), at);
            }
            if (at + page.lengthBytes() > list.length) {
                return Parsed.failed(new Selection(-1, true, false), at);
            }
            wanted.add(new Wanted(page, Arrays.copyOfRange(list, at, at + page.lengthBytes()), at));
            at += page.lengthBytes();
        }
        return new Parsed(wanted, null, at);
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

    /** Gives every page its saved values, where there are none the defaults. A reset does this; SPC-5. */
    public synchronized void reset() {
        for (ModePage page : pages) {
            page.set(page.saved());
        }
    }
}
