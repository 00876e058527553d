package org.lunette.it.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.lunette.command.CommandHandler;
import org.lunette.scsi.Path;
import org.lunette.scsi.Seed;

/** Through the front-end on the model of SCST's device: each handler is a device, each nexus a session of it. */
final class ScstPath implements Path {
    private final Map<CommandHandler, ScstPathDevice> devices = new IdentityHashMap<>();

    @Override
    public synchronized CommandHandler to(CommandHandler handler) {
        return devices.computeIfAbsent(
                        handler, h -> new ScstPathDevice(h, new Random(Seed.OF_THIS_RUN + devices.size())))
                .session();
    }

    @Override
    public synchronized void close() {
        List<ScstPathDevice> all = new ArrayList<>(devices.values());
        devices.clear();
        all.forEach(ScstPathDevice::close);
        assertEquals(Map.of(), ScstRegions.open(), "memory left by this test");
    }
}
