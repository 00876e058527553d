package org.lunette.store.file;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;

/**
 * Small file systems and loop devices for tests, where this machine and user can have them; else the test is skipped,
 * loudly.
 */
final class TemporaryMount {
    private TemporaryMount() {}

    /** Runs a program and returns what it printed, or skips the test if it fails. */
    static String runOrSkip(String... command) throws IOException, InterruptedException {
        List<String> words = new ArrayList<>(List.of(command));
        Process process;
        try {
            process = new ProcessBuilder(words).redirectErrorStream(true).start();
        } catch (IOException e) {
            return skip(words, e.getMessage());
        }
        String output = new String(process.getInputStream().readAllBytes()).trim();
        return process.waitFor() == 0 ? output : skip(words, output);
    }

    private static String skip(List<String> command, String why) {
        String message = "NOT TESTED, for want of '" + String.join(" ", command) + "': " + why;
        System.err.println(message);
        return Assumptions.abort(message);
    }

    /** Mounts a tmpfs of a given size. */
    static void tmpfs(Path at, int sizeBytes) throws IOException, InterruptedException {
        runOrSkip("mount", "-t", "tmpfs", "-o", "size=" + sizeBytes, "tmpfs", at.toString());
    }

    static void unmount(Path at) throws IOException, InterruptedException {
        run("umount", at.toString());
    }

    /** Makes a block device of a file; returns its path. */
    static String loopDevice(Path file, String... options) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("losetup", "--find", "--show"));
        command.addAll(List.of(options));
        command.add(file.toString());
        return runOrSkip(command.toArray(new String[0]));
    }

    static void detach(String loopDevice) throws IOException, InterruptedException {
        run("losetup", "--detach", loopDevice);
    }

    private static void run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).inheritIO().start();
        if (process.waitFor() != 0) {
            throw new IOException(String.join(" ", command) + " failed");
        }
    }
}
