package org.lunette.scsi.page;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** The log pages of a logical unit, with those that list them. Immutable; any thread may call. */
public final class LogPages {
    /** The subpage code that stands for the list of subpages. */
    public static final int ALL_SUBPAGES = 0xff;
    /** The page that lists the others. */
    public static final int SUPPORTED_PAGES = 0x00;

    private static final int DS = 0x80;
    private static final int SPF = 0x40;

    private final List<LogPage> pages;

    public LogPages(List<LogPage> declared) {
        List<LogPage> sorted = new ArrayList<>(declared);
        sorted.add(LogPage.ofLists(SUPPORTED_PAGES, "Supported Log Pages", List.of()));
        sorted.sort(Comparator.comparingInt(LogPage::code).thenComparingInt(LogPage::subpage));
        this.pages = List.copyOf(sorted);
    }

    /** All pages, by page and subpage code, but for the lists of subpages. */
    public List<LogPage> all() {
        return pages;
    }

    /** A page; null if there is none of these codes. */
    public LogPage find(int code, int subpage) {
        for (LogPage page : pages) {
            if (page.code() == code && page.subpage() == subpage) {
                return page;
            }
        }
        return null;
    }

    /** Whether there is a page of this code, whatever its subpage. */
    public boolean has(int code) {
        return pages.stream().anyMatch(page -> page.code() == code);
    }

    /** A page with its header, and those of its parameters that have this code or a higher one. */
    public PageBuffer write(LogPage page, boolean current, int firstParameter) {
        PageBuffer bytes = header(page.code(), page.subpage());
        if (page.code() == SUPPORTED_PAGES) {
            pages.stream().mapToInt(LogPage::code).distinct().forEach(bytes::put8);
        }
        for (LogParameter parameter : page.parameters()) {
            if (parameter.code() >= firstParameter) {
                parameter.write(bytes, current);
            }
        }
        return ended(bytes);
    }

    /** The list of the pages and subpages that there are: of one page code, or of all for page 00h. */
    public PageBuffer writeSubpages(int code) {
        PageBuffer bytes = header(code, ALL_SUBPAGES);
        for (int page = 0; page <= 0x3f; page++) {
            int listed = page;
            if (has(page) && (code == SUPPORTED_PAGES || code == page)) {
                pages.stream()
                        .filter(one -> one.code() == listed)
                        .forEach(one -> bytes.put8(listed).put8(one.subpage()));
                bytes.put8(page).put8(ALL_SUBPAGES);
            }
        }
        return ended(bytes);
    }

    private static PageBuffer header(int code, int subpage) {
        return new PageBuffer()
                .put8(DS | (subpage == 0 ? 0 : SPF) | code)
                .put8(subpage)
                .zeros(2);
    }

    private static PageBuffer ended(PageBuffer bytes) {
        bytes.set16(2, bytes.length() - 4);
        return bytes;
    }
}
