package org.lunette.app;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.lunette.config.ListenAddress;
import org.lunette.config.LoginSettings;
import org.lunette.config.ServeSettings;
import org.lunette.config.SettingsException;
import org.lunette.frontend.iscsi.portal.IscsiPortalServer;
import org.lunette.frontend.iscsi.portal.Portal;
import org.lunette.frontend.iscsi.session.IscsiLimits;
import org.lunette.frontend.iscsi.session.IscsiTarget;
import org.lunette.metrics.Counters;
import org.lunette.ring.RingFactory;
import org.lunette.scsi.device.ScsiTarget;
import org.lunette.scsi.unit.LogicalUnit;

/** Units as the LUNs of one iSCSI target. */
final class IscsiFrontEnd implements FrontEnd {
    private static final int ISCSI_VERSION_DESCRIPTOR = 0x0960;

    private static final int ONE_PER_PROCESSOR = 0;

    private final List<Portal> portals;
    private final TargetPaths paths;
    private final ChapSettings chap;
    private final boolean explicitAccessStates;

    /** @throws StartException if a portal has no address, or must not be open to all who reach it */
    IscsiFrontEnd(ServeSettings settings) throws StartException {
        this.portals = portals(settings.listen(), settings.logins());
        this.paths = new TargetPaths(settings.listen());
        this.chap = new ChapSettings(settings.logins());
        this.explicitAccessStates = settings.explicitAccessStates();
    }

    @Override
    public int threadsThatMayWait() {
        return 0;
    }

    @Override
    public LogicalUnit.Builder describe(LogicalUnit.Builder builder) {
        return builder.transportVersion(ISCSI_VERSION_DESCRIPTOR)
                .targetPorts(paths.ports())
                .accessStates(paths.states())
                .explicitAccessStates(explicitAccessStates);
    }

    @Override
    public List<InetSocketAddress> start(List<Unit> units, RingFactory rings, Counters counters, Resources resources)
            throws StartException {
        ScsiTarget device = new ScsiTarget(ServeSettings.TARGET_NAME);
        for (int lun = 0; lun < units.size(); lun++) {
            device.map(lun, units.get(lun).unit(), units.get(lun).handler());
        }
        IscsiTarget target = new IscsiTarget(ServeSettings.TARGET_NAME, device, chap.target());
        IscsiPortalServer server = new IscsiPortalServer(portals, target, new IscsiLimits(), rings, ONE_PER_PROCESSOR);
        chap.discovery().ifPresent(server::setDiscoveryUsers);
        resources.add(server);
        try {
            server.start();
        } catch (IOException e) {
            throw new StartException(e.getMessage(), e);
        }
        return server.addresses();
    }

    private static List<Portal> portals(List<ListenAddress> listen, LoginSettings logins) throws StartException {
        List<Portal> portals = new ArrayList<>();
        for (ListenAddress address : listen) {
            try {
                InetSocketAddress resolved = address.resolve();
                logins.checkPortal(address, resolved.getAddress().isLoopbackAddress());
                portals.add(new Portal(resolved, address.group(), TargetPaths.relativeIdentifier(address)));
            } catch (SettingsException e) {
                throw new StartException(e.getMessage(), e);
            }
        }
        return portals;
    }
}
