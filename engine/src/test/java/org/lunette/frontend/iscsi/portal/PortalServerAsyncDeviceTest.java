package org.lunette.frontend.iscsi.portal;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.lunette.command.Command;
import org.lunette.command.CommandHandler;
import org.lunette.command.Nexus;
import org.lunette.command.TaskManagement;

/** The portal in front of a device that completes its commands later, on threads of its own. */
class PortalServerAsyncDeviceTest extends PortalServerTest {
    private final ExecutorService threads = Executors.newFixedThreadPool(2, work -> {
        Thread thread = new Thread(work, "device");
        thread.setDaemon(true);
        return thread;
    });

    @Override
    CommandHandler handler() {
        return new CommandHandler() {
            @Override
            public void execute(Command command) {
                threads.execute(() -> device.execute(command));
            }

            @Override
            public void manage(TaskManagement request) {
                device.manage(request);
            }

            @Override
            public void nexusEstablished(Nexus nexus) {
                device.nexusEstablished(nexus);
            }

            @Override
            public void nexusLost(Nexus nexus) {
                device.nexusLost(nexus);
            }
        };
    }

    @AfterEach
    void stopThreads() {
        threads.shutdown();
    }
}
