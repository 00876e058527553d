package org.lunette.bridge.scstuser;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The version string by SCST's installed headers: the version's name from {@code scst_const.h}, then the SHA-1 of
 * {@code scst_user.h} and that of {@code scst_const.h}, as {@code scst_itf_ver.h} gives them or, without it, as they
 * are.
 */
final class HeaderVersion implements VersionSource {
    private static final Pattern NAME = Pattern.compile("(?m)^\\s*#\\s*define\\s+SCST_VERSION_NAME\\s+\"([^\"]+)\"");
    private static final String DIGEST = "(?m)^\\s*#\\s*define\\s+%s\\s+\"([0-9a-f]{40})\"";
    private static final Pattern USER_DIGEST = Pattern.compile(DIGEST.formatted("DEV_USER_INTF_VER"));
    private static final Pattern CONST_DIGEST = Pattern.compile(DIGEST.formatted("SCST_CONST_INTF_VER"));

    private final Path folder;

    HeaderVersion(Path folder) {
        this.folder = folder;
    }

    @Override
    public Finding find() {
        String place = "headers in " + folder;
        if (!Files.isDirectory(folder)) {
            return Finding.none(place, "no such folder");
        }
        try {
            String constants = read("scst_const.h");
            String name = group(NAME, constants);
            if (name == null) {
                return Finding.none(place, "scst_const.h does not define SCST_VERSION_NAME");
            }
            String versions = Files.exists(folder.resolve("scst_itf_ver.h")) ? read("scst_itf_ver.h") : "";
            String user = group(USER_DIGEST, versions);
            String constant = group(CONST_DIGEST, versions);
            String version = name
                    + (user == null ? digest(read("scst_user.h")) : user)
                    + (constant == null ? digest(constants) : constant);
            return new Finding(place, List.of(version), "");
        } catch (IOException e) {
            return Finding.none(place, "cannot be read: " + e);
        }
    }

    private String read(String header) throws IOException {
        return Files.readString(folder.resolve(header), StandardCharsets.ISO_8859_1);
    }

    private static String group(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        return matcher.find() ? matcher.group(1) : null;
    }

    private static String digest(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-1").digest(text.getBytes(StandardCharsets.ISO_8859_1));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-1", e);
        }
    }
}
