package org.lunette.filter.error;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.lunette.command.Sense;
import org.lunette.command.SenseKey;
import org.lunette.filter.FilterException;
import org.lunette.filter.FilterSpec;
import org.lunette.filter.Selection;

/** The sense data that a command is to end with; SPC-5, 4.4. */
record InjectedSense(SenseKey key, int code, int qualifier, boolean deferred) {
    private static final Pattern FORM = Pattern.compile("([0-9a-fA-F]{1,2})/([0-9a-fA-F]{1,2})/([0-9a-fA-F]{1,2})");
    private static final InjectedSense UNRECOVERED_READ_ERROR =
            new InjectedSense(SenseKey.MEDIUM_ERROR, 0x11, 0x00, false);
    private static final InjectedSense WRITE_ERROR = new InjectedSense(SenseKey.MEDIUM_ERROR, 0x0c, 0x00, false);

    /** What is said; null if nothing is. */
    static InjectedSense of(FilterSpec spec) throws FilterException {
        boolean deferred = spec.flag(ErrorFilterProvider.DEFERRED);
        if (!spec.has(ErrorFilterProvider.SENSE)) {
            if (deferred) {
                throw spec.wrong("a deferred error needs its sense data said: sense=03/0C/00, say");
            }
            return null;
        }
        String text = spec.value(ErrorFilterProvider.SENSE, "");
        Matcher form = FORM.matcher(text);
        SenseKey key = form.matches() ? key(Integer.parseInt(form.group(1), 16)) : null;
        if (key == null) {
            throw spec.wrong(
                    "sense=" + text + " is no sense data: write KEY/ASC/ASCQ in hexadecimal, such as 03/11/00");
        }
        return new InjectedSense(
                key, Integer.parseInt(form.group(2), 16), Integer.parseInt(form.group(3), 16), deferred);
    }

    private static SenseKey key(int code) {
        for (SenseKey key : SenseKey.values()) {
            if (key.code() == code) {
                return key;
            }
        }
        return null;
    }

    /** What a disk says of a block that it cannot read or write. */
    static InjectedSense ofBlock(boolean write) {
        return write ? WRITE_ERROR : UNRECOVERED_READ_ERROR;
    }

    /** Whether the command is done all the same: the error was recovered, or is of an earlier command. */
    boolean succeeds() {
        return deferred || key == SenseKey.RECOVERED_ERROR || key == SenseKey.COMPLETED;
    }

    /** Writes it, with an LBA in INFORMATION where the key is that of a block in error; returns its length. */
    int write(byte[] to, boolean inDescriptors, long lba) {
        int length = Sense.current(to, inDescriptors, key, code, qualifier);
        boolean ofBlock = key == SenseKey.MEDIUM_ERROR || key == SenseKey.RECOVERED_ERROR;
        if (ofBlock && lba != Selection.NO_LBA) {
            length = Sense.withInformation(to, length, lba);
        }
        if (deferred) {
            to[0] |= 1; // response codes 71h and 73h
        }
        return length;
    }
}
