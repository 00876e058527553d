package org.lunette.bridge.scstuser;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

/**
 * The version string as it stands in the installed {@code scst_user.ko}, plain or compressed. The JDK reads gzip; for
 * xz and zstd the programs of those names are asked. The module holds another string of the same form, the version of
 * SCST's core, which {@code scst.ko} holds as well.
 */
final class ModuleFileVersion implements VersionSource {
    private static final int MAX_MODULE_BYTES = 64 << 20;
    private static final int HELPER_TIMEOUT_SECONDS = 20;
    /** The version's name, two SHA-1s, NUL. */
    private static final Pattern VERSION = Pattern.compile("([!-~]{1,40}[0-9a-f]{80})\0");

    private final Path modules;

    /** @param modules the folder of the running kernel's modules */
    ModuleFileVersion(Path modules) {
        this.modules = modules;
    }

    @Override
    public Finding find() {
        String place = "scst_user.ko under " + modules;
        List<String> remarks = new ArrayList<>();
        Set<String> versions;
        try {
            List<Path> files = modulesNamed("scst_user");
            if (files.isEmpty()) {
                return Finding.none(place, "no such file");
            }
            versions = versionsIn(files, remarks);
            versions.removeAll(versionsIn(modulesNamed("scst"), remarks));
        } catch (IOException | UncheckedIOException e) {
            return Finding.none(place, "cannot be looked for: " + e);
        }
        if (versions.isEmpty() && remarks.isEmpty()) {
            remarks.add("it has no version string");
        }
        return new Finding(place, List.copyOf(versions), String.join("; ", remarks));
    }

    private List<Path> modulesNamed(String module) throws IOException {
        Pattern name = Pattern.compile(module + "\\.ko(\\.(gz|xz|zst))?");
        try (Stream<Path> found = Files.walk(modules)) {
            return found.filter(
                            file -> name.matcher(file.getFileName().toString()).matches())
                    .toList();
        }
    }

    private static Set<String> versionsIn(List<Path> files, List<String> remarks) {
        Set<String> versions = new LinkedHashSet<>();
        for (Path file : files) {
            try {
                Matcher matcher = VERSION.matcher(new String(read(file), StandardCharsets.ISO_8859_1));
                while (matcher.find()) {
                    versions.add(matcher.group(1));
                }
            } catch (IOException e) {
                remarks.add(file + " cannot be read: " + e.getMessage());
            }
        }
        return versions;
    }

    private static byte[] read(Path file) throws IOException {
        String name = file.toString();
        if (name.endsWith(".xz")) {
            return readBy("xz", file);
        }
        if (name.endsWith(".zst")) {
            return readBy("zstd", file);
        }
        try (InputStream in = Files.newInputStream(file);
                InputStream plain = name.endsWith(".gz") ? new GZIPInputStream(in) : in) {
            return bounded(plain);
        }
    }

    private static byte[] readBy(String program, Path file) throws IOException {
        Process process;
        try {
            process = new ProcessBuilder(program, "-dc", file.toString())
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
        } catch (IOException e) {
            throw new IOException("the program '" + program + "', which would decompress it, cannot be started", e);
        }
        try (InputStream out = process.getInputStream()) {
            byte[] module = bounded(out);
            if (!process.waitFor(HELPER_TIMEOUT_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
                throw new IOException("'" + program + " -dc' failed");
            }
            return module;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } finally {
            process.destroy();
        }
    }

    private static byte[] bounded(InputStream in) throws IOException {
        byte[] bytes = in.readNBytes(MAX_MODULE_BYTES);
        if (bytes.length == MAX_MODULE_BYTES) {
            throw new IOException("it has " + MAX_MODULE_BYTES + " bytes or more");
        }
        return bytes;
    }
}
