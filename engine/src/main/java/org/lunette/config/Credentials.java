package org.lunette.config;

import java.nio.file.Path;
import java.util.Arrays;

/** A user's name and secret, for CHAP; RFC 7143, 12.1.3. Immutable; what is printed of it is the name alone. */
public final class Credentials {
    private static final int MAX_NAME_LENGTH = 255;

    private final String name;
    private final byte[] secret;

    /** For whoever has a secret from elsewhere than a file; see {@link #parse}. */
    public Credentials(String name, byte[] secret) {
        this.name = name;
        this.secret = secret.clone();
    }

    /**
     * Parses {@code NAME:FILE}, and reads the secret from the file. A name may have colons, as iSCSI names do: the last
     * one parts them.
     *
     * @throws SettingsException if it has not this form, or the file is none for a secret; see {@link SecretFile}
     */
    static Credentials parse(String option, String text) throws SettingsException {
        int colon = text.lastIndexOf(':');
        if (colon < 1 || colon == text.length() - 1) {
            throw new SettingsException(
                    option + " '" + text + "' is not NAME:FILE, with the file that the secret is read from");
        }
        String name = text.substring(0, colon);
        if (name.length() > MAX_NAME_LENGTH || !name.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
            throw new SettingsException(option + " '" + text + "': a name has at most " + MAX_NAME_LENGTH
                    + " letters, digits and marks of ASCII, without spaces");
        }
        return new Credentials(name, SecretFile.read(Path.of(text.substring(colon + 1))));
    }

    /** The user's name. */
    public String name() {
        return name;
    }

    /** The secret: a copy. */
    public byte[] secret() {
        return secret.clone();
    }

    boolean hasSecretOf(Credentials other) {
        return Arrays.equals(secret, other.secret);
    }

    @Override
    public String toString() {
        return name;
    }
}
