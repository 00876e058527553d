package org.lunette.scsi.device;

import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.lunette.command.AdditionalSense;
import org.lunette.command.Command;
import org.lunette.command.CommandHandler;
import org.lunette.command.Lun;
import org.lunette.command.Nexus;
import org.lunette.command.QueueError;
import org.lunette.command.ScsiStatus;
import org.lunette.command.Sense;
import org.lunette.command.SenseKey;
import org.lunette.command.TaskManagement;
import org.lunette.command.TaskManagement.Response;
import org.lunette.scsi.page.PageBuffer;
import org.lunette.scsi.primary.ReportLuns;
import org.lunette.scsi.task.NexusScope;
import org.lunette.scsi.task.UnitAttention;
import org.lunette.scsi.unit.LogicalUnit;

/**
 * A SCSI target device: sends commands to its logical units by LUN, and answers for the LUNs that have none; SAM-5,
 * 4.6.
 *
 * <p>Any thread may call. Units may be mapped while nexuses are there.
 */
public final class ScsiTarget implements CommandHandler {
    /** How many LUNs a target may have: 0 to one less. */
    public static final int MAX_LUNS = 1024;

    private final String name;
    private final Set<Nexus> nexuses = ConcurrentHashMap.newKeySet();
    private final NoUnit noUnit = new NoUnit();
    private final WellKnownUnit wellKnownUnit = new WellKnownUnit();
    // Copied when changed, so that a command finds its unit without a lock. What the unit is reached by may be a filter
    // around it.
    private volatile CommandHandler[] handlers = {};
    private volatile LogicalUnit[] units = {};

    /** A target without units. */
    public ScsiTarget(String name) {
        this.name = Objects.requireNonNull(name);
    }

    /** The target's name. */
    public String name() {
        return name;
    }

    /** Maps a unit at a free LUN. */
    public void map(int lun, LogicalUnit unit) {
        map(lun, unit, unit);
    }

    /**
     * Maps a unit at a free LUN, 0 to {@link #MAX_LUNS} - 1. Nexuses that are there see it at once, and units mapped
     * before tell them of it.
     *
     * @param handler what commands to the LUN go to: the unit, or a filter around it
     */
    public synchronized void map(int lun, LogicalUnit unit, CommandHandler handler) {
        if (lun < 0 || lun >= MAX_LUNS) {
            throw new IllegalArgumentException("LUN " + lun + " of " + name + ": a LUN is 0 to " + (MAX_LUNS - 1));
        }
        if (at(handlers, lun) != null) {
            throw new IllegalArgumentException("LUN " + lun + " of " + name + " is taken");
        }
        nexuses.forEach(handler::nexusEstablished);
        LogicalUnit[] before = units;
        int size = Math.max(handlers.length, lun + 1);
        CommandHandler[] newHandlers = java.util.Arrays.copyOf(handlers, size);
        LogicalUnit[] newUnits = java.util.Arrays.copyOf(units, size);
        newHandlers[lun] = handler;
        newUnits[lun] = unit;
        units = newUnits;
        handlers = newHandlers;
        // Last: who is told of the change and asks, sees it.
        for (LogicalUnit other : before) {
            if (other != null) {
                other.raise(UnitAttention.REPORTED_LUNS_CHANGED, NexusScope.ALL);
            }
        }
    }

    private static <T> T at(T[] byLun, int lun) {
        return lun >= 0 && lun < byLun.length ? byLun[lun] : null;
    }

    /** The LUNs that have units, ascending. */
    public int[] luns() {
        CommandHandler[] now = handlers;
        return IntStream.range(0, now.length).filter(lun -> now[lun] != null).toArray();
    }

    /** The unit at a LUN; null if there is none. */
    public LogicalUnit unit(int lun) {
        return at(units, lun);
    }

    @Override
    public void execute(Command command) {
        int lun = command.lun();
        if (command.opcode() == ReportLuns.CODE) {
            reportLuns(command);
            return;
        }
        CommandHandler handler = at(handlers, lun);
        if (handler != null) {
            handler.execute(command);
        } else if (lun == Lun.REPORT_LUNS_WELL_KNOWN) {
            wellKnownUnit.execute(command);
        } else {
            noUnit.execute(command);
        }
    }

    private void reportLuns(Command command) {
        if (command.isAborted()) { // nobody would learn what it reports
            command.complete(ScsiStatus.TASK_ABORTED);
            return;
        }
        int invalid = ReportLuns.firstInvalidByte(command);
        if (invalid >= 0) {
            LogicalUnit unit = unit(command.lun());
            byte[] sense = new byte[Sense.MAX_BYTES];
            boolean inDescriptors = unit != null && unit.descriptorSense();
            int length =
                    Sense.current(sense, inDescriptors, SenseKey.ILLEGAL_REQUEST, AdditionalSense.INVALID_FIELD_IN_CDB);
            command.completeCheckCondition(sense, Sense.withFieldPointer(sense, length, true, invalid, 7));
            return;
        }
        // Before the list is made: what changes after that is news.
        for (LogicalUnit unit : units) {
            if (unit != null) {
                unit.lunsReported(command.nexus());
            }
        }
        PageBuffer data = ReportLuns.list(command, luns());
        command.dataIn(data.array(), (int) Math.min(data.length(), ReportLuns.allocationBytes(command)));
        command.completeGood();
    }

    @Override
    public void manage(TaskManagement request) {
        switch (request.function()) {
            case TARGET_WARM_RESET, TARGET_COLD_RESET, I_T_NEXUS_RESET -> resetAll(request);
            default -> {
                CommandHandler handler = at(handlers, request.lun());
                if (handler == null) {
                    request.respond(Response.INCORRECT_LOGICAL_UNIT_NUMBER);
                } else {
                    handler.manage(request);
                }
            }
        }
    }

    @Override
    public boolean abortsWithStatus(TaskManagement.Function function, Nexus nexus, int lun) {
        CommandHandler handler = at(handlers, lun);
        return handler == null || handler.abortsWithStatus(function, nexus, lun);
    }

    @Override
    public void commandsAborted(int lun) {
        CommandHandler handler = at(handlers, lun);
        if (handler != null) {
            handler.commandsAborted(lun);
        }
    }

    @Override
    public boolean hasTaskSetPerNexus(int lun) {
        CommandHandler handler = at(handlers, lun);
        return handler != null && handler.hasTaskSetPerNexus(lun);
    }

    @Override
    public QueueError queueError(int lun) {
        CommandHandler handler = at(handlers, lun);
        return handler == null ? QueueError.NONE : handler.queueError(lun);
    }

    private void resetAll(TaskManagement request) {
        int[] luns = luns();
        CommandHandler[] now = handlers;
        AtomicInteger waitingFor = new AtomicInteger(luns.length + 1);
        TaskManagement.Responder one = (part, response) -> ended(waitingFor, request);
        for (int lun : luns) {
            now[lun].manage(new TaskManagement(request.function(), request.nexus(), lun, one));
        }
        ended(waitingFor, request);
    }

    private static void ended(AtomicInteger waitingFor, TaskManagement request) {
        if (waitingFor.decrementAndGet() == 0) {
            request.respond(Response.FUNCTION_COMPLETE);
        }
    }

    @Override
    public synchronized void nexusEstablished(Nexus nexus) {
        nexuses.add(nexus);
        for (CommandHandler handler : handlers) {
            if (handler != null) {
                handler.nexusEstablished(nexus);
            }
        }
    }

    @Override
    public synchronized void nexusLost(Nexus nexus) {
        nexuses.remove(nexus);
        for (CommandHandler handler : handlers) {
            if (handler != null) {
                handler.nexusLost(nexus);
            }
        }
    }

    @Override
    public String toString() {
        return "target " + name;
    }
}
