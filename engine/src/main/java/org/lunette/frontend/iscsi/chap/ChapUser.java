package org.lunette.frontend.iscsi.chap;

/**
 * Who can prove to be whom.
 *
 * @param name CHAP_N
 * @param secret what responses are computed of
 */
public record ChapUser(String name, ChapSecret secret) {
    /** The longest name; RFC 7143, 6.1, has it for texts of which nothing else is said. */
    public static final int MAX_NAME_BYTES = 255;
}
