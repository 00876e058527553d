package org.lunette.it.vm;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.lunette.it.support.Program;
import org.lunette.it.support.Requirements;

/**
 * A machine emulated by qemu that boots Debian's stock kernel and sees this host's files below a layer that is thrown
 * away, so every program of the host, a JVM too, runs in it as root. It reaches the host's loopback at {@link #HOST}.
 * Starting takes 5 to 10 s, and code runs some 10 to 20 times slower than on the host.
 *
 * <p>Immutable: each of the settings returns another machine. Each {@link #run} boots anew.
 */
public final class EmulatedMachine {

    /** The address at which the guest reaches what listens on the host's 127.0.0.1. */
    public static final String HOST = "10.0.2.2";

    private static final Path FOLDER = Path.of("vm").toAbsolutePath();
    private static final Path LOGS = Path.of("target", "vm").toAbsolutePath();
    private static final int DEFAULT_MEMORY_MIB = 3072;
    private static final Duration TIME_TO_STOP = Duration.ofSeconds(30);

    private final Path share;
    private final Path scstModules;
    private final int memoryMib;

    private EmulatedMachine(Path share, Path scstModules, int memoryMib) {
        this.share = share;
        this.scstModules = scstModules;
        this.memoryMib = memoryMib;
    }

    /** A machine with the stock kernel only; skips or fails the calling test where the host lacks what it takes. */
    public static EmulatedMachine plain() {
        Requirements.programs("qemu-system-x86_64", "busybox", "modprobe", "cpio", "strip");
        Requirements.require(hasKernel(), "there is no kernel /boot/vmlinuz-*: install linux-image-amd64");
        return new EmulatedMachine(null, null, DEFAULT_MEMORY_MIB);
    }

    private static boolean hasKernel() {
        String[] names = Path.of("/boot").toFile().list((folder, name) -> name.startsWith("vmlinuz-"));
        return names != null && names.length > 0;
    }

    /** With SCST loaded before the script runs: {@code scst.ko} and companions, built for the kernel in /boot. */
    public EmulatedMachine withScst(Path modulesFolder) {
        return new EmulatedMachine(share, modulesFolder.toAbsolutePath(), memoryMib);
    }

    /** With a folder of the host as /mnt, which the script starts in and may write to. */
    public EmulatedMachine sharing(Path folder) {
        return new EmulatedMachine(folder.toAbsolutePath(), scstModules, memoryMib);
    }

    /** With that much memory; half of it at most can hold files of the guest. */
    public EmulatedMachine withMemoryMib(int mib) {
        return new EmulatedMachine(share, scstModules, mib);
    }

    /**
     * Boots, runs a bash script as root with these arguments, and switches off. Both logs are kept in
     * {@code target/vm}.
     *
     * @param name names the logs
     * @param script the text of the script
     * @param timeout for all of it, the boot included; a machine that takes longer is killed and the run is a failure
     */
    public MachineRun run(String name, String script, Duration timeout, String... arguments) {
        try {
            Files.createDirectories(LOGS);
            Path scriptFile = LOGS.resolve(name + ".sh");
            Path kernelLog = LOGS.resolve(name + ".kernel.log");
            Files.writeString(scriptFile, script);
            Files.deleteIfExists(kernelLog);
            Program.Outcome outcome = Program.of(commandLine(scriptFile, kernelLog, timeout, arguments))
                    .run(timeout.plus(TIME_TO_STOP));
            Files.writeString(LOGS.resolve(name + ".log"), outcome.output(), StandardCharsets.ISO_8859_1);
            String kernelSaid = Files.exists(kernelLog) ? Files.readString(kernelLog, StandardCharsets.ISO_8859_1) : "";
            return new MachineRun(name, outcome.exitStatus(), outcome.output(), kernelSaid);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<String> commandLine(Path script, Path kernelLog, Duration timeout, String... arguments) {
        List<String> line = new ArrayList<>(List.of(FOLDER.resolve("machine").toString()));
        line.addAll(List.of("--memory", Integer.toString(memoryMib)));
        line.addAll(List.of("--timeout", Long.toString(timeout.toSeconds())));
        line.addAll(List.of("--kernel-log", kernelLog.toString()));
        if (share != null) {
            line.addAll(List.of("--share", share.toString()));
        }
        if (scstModules != null) {
            line.addAll(List.of("--scst", scstModules.toString()));
        }
        line.add(script.toString());
        line.addAll(List.of(arguments));
        return line;
    }
}
