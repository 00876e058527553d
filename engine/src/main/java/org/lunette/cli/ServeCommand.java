package org.lunette.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.lunette.admin.AdminSocket;
import org.lunette.admin.ControlFolder;
import org.lunette.app.Server;
import org.lunette.app.StartException;
import org.lunette.config.DeviceSettings;
import org.lunette.config.FilterSettings;
import org.lunette.config.ListenAddress;
import org.lunette.config.ServeSettings;
import org.lunette.config.SettingsException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code lunette serve}: serves devices until it is told to stop. */
@Command(
        name = "serve",
        customSynopsis = {
            "lunette serve [--listen HOST[:PORT][,OPTION]...]... [--incoming-user NAME:FILE]...",
            "              [--outgoing-user NAME:FILE] [--allow-anonymous] [--alua WAY] [--scst] [--state DIR]",
            "              [--control PATH] [--filter NAME=FILTER[,KEY=VALUE]...]... [NAME=STORE...]"
        },
        description = {
            "Serves devices until Ctrl-C or SIGTERM, as LUN 0, 1, ... in their order of the target",
            ServeSettings.TARGET_NAME + ".",
            "Without arguments: a RAM disk of 1 GiB, disk0, at 127.0.0.1:3260."
        },
        mixinStandardHelpOptions = true,
        versionProvider = Version.class)
final class ServeCommand implements Callable<Integer> {
    private static final int STOP_LIMIT_S = 60;
    private static final int NOT_ENDED_IN_ORDER = 3;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--listen",
            paramLabel = "HOST[:PORT][,OPTION]...",
            description = {
                "An iSCSI portal of the target; may be given again for one more. IPv6 as [::1]:3260.",
                "Options: group=TAG, the portal group (1 if not said), which is a target port of its own to initiators;",
                "state=STATE, the access state of the group: optimized, non-optimized, standby, unavailable, offline.",
                "Port 0 lets the system choose. One that other machines reach wants users or --allow-anonymous."
            })
    private List<String> listen = new ArrayList<>();

    @Mixin
    private LoginOptions logins;

    @Option(names = "--scst", description = "Give the devices to SCST through /dev/scst_user, and open no portal.")
    private boolean scst;

    @Option(
            names = "--alua",
            paramLabel = "WAY",
            description = {
                "explicit: initiators may change access states of groups, as Linux does when it goes over to a path.",
                "implicit: the administrator alone changes them. If not said, explicit."
            })
    private String alua;

    @Option(
            names = "--scst-version",
            paramLabel = "STRING",
            description = "The version string that the loaded scst_user module expects, where it cannot be found out.")
    private String scstVersion;

    @Option(
            names = "--state",
            paramLabel = "DIR",
            description = {
                "Where devices keep their identity, reservations and saved mode pages over a restart: a folder for each.",
                "Without it nothing is kept, and initiators are told so."
            })
    private Path state;

    @Option(
            names = "--control",
            paramLabel = "PATH",
            description = {
                "Where 'lunette show' and its kin reach this server: a socket for this user and root alone.",
                "Without it, one of its own in $XDG_RUNTIME_DIR/lunette, or in /run/lunette for root."
            })
    private Path control;

    @Option(
            names = "--filter",
            paramLabel = "NAME=FILTER[,KEY=VALUE]...",
            description = {
                "A filter around the device NAME; may be given again for one more, the outermost first.",
                "Filters break a device on purpose, and are changed while it is in use by 'lunette filter'."
            })
    private List<String> filters = new ArrayList<>();

    @Parameters(paramLabel = "NAME=STORE", arity = "0..*", description = "A device and what it keeps its blocks in.")
    private List<String> devices = new ArrayList<>();

    @Override
    public Integer call() throws StartException {
        ServeSettings settings = settings();
        CompletableFuture<Server> started = new CompletableFuture<>();
        CountDownLatch ended = new CountDownLatch(1);
        Server.prepare();
        if (!onShutdown(() -> end(started, ended))) {
            return 0;
        }
        try {
            Server server = Server.start(settings, control());
            started.complete(server);
            PrintWriter out = spec.commandLine().getOut();
            new Announcement(settings, server).print(out);
            out.flush();
        } finally {
            started.complete(null); // without effect where there is a server
        }
        awaitEnd(ended);
        return 0;
    }

    /**
     * Has it done at the end of the JVM. To be called before the start: SCST's devices must not be left behind by a
     * signal that comes early. False if the end has begun.
     */
    private static boolean onShutdown(Runnable ending) {
        try {
            Runtime.getRuntime().addShutdownHook(new Thread(ending, "stop"));
            return true;
        } catch (IllegalStateException e) { // a signal came first
            return false;
        }
    }

    private static void end(CompletableFuture<Server> started, CountDownLatch ended) {
        TimeLimit.of(TimeUnit.SECONDS.toMillis(STOP_LIMIT_S), () -> close(started), ServeCommand::endLate);
        ended.countDown();
    }

    private static void close(CompletableFuture<Server> started) {
        Server server = started.join();
        if (server != null) {
            server.close();
        }
    }

    /** A store that hangs must not keep the process for ever. */
    private static void endLate() {
        System.err.println(
                "lunette: a store does not let go for " + STOP_LIMIT_S + " s: ending without closing what is in use");
        Runtime.getRuntime().halt(NOT_ENDED_IN_ORDER);
    }

    /** Its own place must be had; by default a server serves without one as well. */
    private Optional<AdminSocket> control() throws StartException {
        try {
            return Optional.of(control == null ? ControlFolder.ofUser().bind() : AdminSocket.bind(control));
        } catch (IOException e) {
            if (control != null) {
                throw new StartException(e.getMessage(), e);
            }
            PrintWriter err = spec.commandLine().getErr();
            err.println("lunette: 'lunette show' will not reach this server (--control may help): " + e.getMessage());
            err.flush();
            return Optional.empty();
        }
    }

    private ServeSettings settings() {
        try {
            List<DeviceSettings> named = new ArrayList<>();
            for (String device : devices) {
                named.add(DeviceSettings.parse(device));
            }
            List<ListenAddress> addresses = new ArrayList<>();
            for (String address : listen) {
                addresses.add(ListenAddress.parse(address));
            }
            List<FilterSettings> around = new ArrayList<>();
            for (String filter : filters) {
                around.add(FilterSettings.parse(filter));
            }
            ServeSettings settings = ServeSettings.conclude(named, addresses, scst, Optional.ofNullable(scstVersion))
                    .withFilters(around)
                    .withLogins(logins.settings());
            if (alua != null) {
                settings = settings.withAlua(alua);
            }
            return state == null ? settings : settings.withState(state);
        } catch (SettingsException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }

    private static void awaitEnd(CountDownLatch ended) {
        try {
            ended.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
