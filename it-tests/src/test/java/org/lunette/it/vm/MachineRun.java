package org.lunette.it.vm;

import java.util.List;
import java.util.regex.Pattern;

/**
 * How a script on an emulated machine ended.
 *
 * @param name the run's name, as in the names of its logs
 * @param exitStatus the script's; 124 when the time ran out, 125 when the machine failed
 * @param output what the script and its children printed
 * @param kernelLog the kernel's console, from level warning upwards
 */
public record MachineRun(String name, int exitStatus, String output, String kernelLog) {

    /** What a kernel prints when it is in trouble: never all right, whatever the script's status. */
    private static final Pattern TROUBLE = Pattern.compile(
            "BUG:|WARNING:|Oops|Kernel panic|general protection|blocked for more than|I/O error|soft lockup|Call Trace");

    /** This run, where the script ended with 0 and the kernel had no trouble; otherwise an error with both logs. */
    public MachineRun orFail() {
        List<String> trouble = kernelTrouble();
        if (exitStatus != 0 || !trouble.isEmpty()) {
            throw new AssertionError(
                    "The run " + name + " ended with status " + exitStatus + ", the kernel's troubles are " + trouble
                            + "\n---- script\n" + output + "\n---- kernel\n" + kernelLog);
        }
        return this;
    }

    /** The lines of the kernel's log that tell of trouble. */
    public List<String> kernelTrouble() {
        return kernelLog.lines().filter(line -> TROUBLE.matcher(line).find()).toList();
    }
}
