package org.lunette.frontend.iscsi.session;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Objects;
import org.lunette.command.CommandHandler;
import org.lunette.frontend.iscsi.chap.ChapUsers;

/** An iSCSI target node: a name, the device behind it, and who may log in. Immutable. */
public final class IscsiTarget {
    /** The longest iSCSI name; RFC 7143, 4.2.7.1. */
    public static final int MAX_NAME_BYTES = 223;

    private final String name;
    private final CommandHandler handler;
    private final ChapUsers users;

    /** A target that whoever comes may log in to. */
    public IscsiTarget(String name, CommandHandler handler) {
        this(name, handler, ChapUsers.none());
    }

    /**
     * @param name an iSCSI name, {@code iqn.…}, {@code eui.…} or {@code naa.…}; kept in lower case
     * @param handler gets the commands of all sessions, by more threads than one
     * @param users as whom initiators log in
     * @throws IllegalArgumentException if the name is not an iSCSI name
     */
    public IscsiTarget(String name, CommandHandler handler, ChapUsers users) {
        if (!isName(name)) {
            throw new IllegalArgumentException("not an iSCSI name (iqn., eui. or naa.): " + name);
        }
        this.name = name.toLowerCase(Locale.ROOT);
        this.handler = Objects.requireNonNull(handler);
        this.users = Objects.requireNonNull(users);
    }

    /** The iSCSI name. */
    public String name() {
        return name;
    }

    /** The device. */
    public CommandHandler handler() {
        return handler;
    }

    /** Who may log in. */
    ChapUsers users() {
        return users;
    }

    /** Whether {@code text} has the form of an iSCSI name; RFC 7143, 4.2.7. */
    static boolean isName(String text) {
        String lower = text.toLowerCase(Locale.ROOT);
        if (!lower.startsWith("iqn.") && !lower.startsWith("eui.") && !lower.startsWith("naa.")) {
            return false;
        }
        if (text.getBytes(StandardCharsets.UTF_8).length > MAX_NAME_BYTES) {
            return false;
        }
        return text.chars().allMatch(IscsiTarget::isNameCharacter);
    }

    /**
     * Letters and digits of any alphabet, the three marks of RFC 3722, and the underscore, which initiators use all the
     * same.
     */
    private static boolean isNameCharacter(int c) {
        return Character.isLetterOrDigit(c) || "-.:_".indexOf(c) >= 0 || c > 0x7f && !Character.isISOControl(c);
    }
}
