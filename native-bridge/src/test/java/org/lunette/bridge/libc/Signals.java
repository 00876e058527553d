package org.lunette.bridge.libc;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Pipes, and signals that interrupt one thread, for tests. */
final class Signals {
    /** A real-time signal, of which the JVM makes no use. */
    private static final int SIGNAL = 40;

    private static final int SYS_GETTID = "aarch64".equals(System.getProperty("os.arch")) ? 178 : 186;

    static {
        Native.register(Calls.class, "c");
        installHandler();
    }

    private Signals() {}

    private static final class Calls {
        static native int pipe(int[] fds);

        static native int sigaction(int signal, Memory action, Memory old);

        static native int tgkill(int process, int thread, int signal);

        static native long syscall(long number);
    }

    /**
     * The handler is a function that does nothing, {@code abs}; without SA_RESTART, so that blocked calls see EINTR.
     */
    private static void installHandler() {
        Memory action = new Memory(152);
        action.clear();
        action.setPointer(0, NativeLibrary.getInstance("c").getFunction("abs"));
        if (Calls.sigaction(SIGNAL, action, null) != 0) {
            throw new IllegalStateException("sigaction: errno " + Native.getLastError());
        }
    }

    /** A pipe: the end to read, the end to write. */
    static int[] pipe() {
        int[] fds = new int[2];
        if (Calls.pipe(fds) != 0) {
            throw new IllegalStateException("pipe: errno " + Native.getLastError());
        }
        return fds;
    }

    /** The calling thread, as the kernel numbers it. */
    static int threadId() {
        return (int) Calls.syscall(SYS_GETTID);
    }

    static void interrupt(int threadId) {
        if (Calls.tgkill((int) ProcessHandle.current().pid(), threadId, SIGNAL) != 0) {
            throw new IllegalStateException("tgkill: errno " + Native.getLastError());
        }
    }

    /** Waits until a thread sleeps in the kernel, in one of the given system calls. */
    static void awaitBlockedIn(int threadId, int... systemCalls) throws IOException {
        while (true) {
            String[] words = Files.readString(Path.of("/proc/self/task/" + threadId + "/syscall"))
                    .trim()
                    .split(" ");
            for (int call : systemCalls) {
                if (words[0].equals(Integer.toString(call))) {
                    return;
                }
            }
            Thread.yield();
        }
    }

    /** How often a thread has gone to sleep of itself. */
    static long voluntarySwitches(int threadId) throws IOException {
        return Files.readAllLines(Path.of("/proc/self/task/" + threadId + "/status")).stream()
                .filter(line -> line.startsWith("voluntary_ctxt_switches:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .findFirst()
                .orElseThrow();
    }
}
