package org.lunette.scsi.primary;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.lunette.command.Nexus;
import org.lunette.scsi.page.Designator;
import org.lunette.scsi.page.PageBuffer;
import org.lunette.scsi.page.UnitIdentity;
import org.lunette.scsi.page.VpdPage;
import org.lunette.scsi.path.TargetPort;
import org.lunette.scsi.path.TargetPorts;

/** The VPD pages that say which unit this is and by which port it is seen: 80h, 83h, 86h, 87h, 88h; SPC-5. */
public final class IdentityPages {
    private static final int BINARY = 0x1;
    private static final int ASCII = 0x2;
    private static final int UTF_8 = 0x3;

    private static final int TYPE_T10_VENDOR_ID = 0x1;
    private static final int TYPE_NAA = 0x3;
    private static final int TYPE_RELATIVE_PORT = 0x4;
    private static final int TYPE_PORT_GROUP = 0x5;
    private static final int TYPE_NAME_STRING = 0x8;

    private static final int OF_UNIT = 0x00;
    private static final int OF_PORT = 0x10;
    private static final int OF_TARGET_DEVICE = 0x20;
    private static final int PROTOCOL_VALID = 0x80;
    private static final int PROTOCOL_ISCSI = 0x50;

    private static final int ALL_PAGES = 0x3f;
    private static final int ALL_SUBPAGES = 0xff;
    private static final int POLICY_SHARED = 0;
    private static final String ISCSI_PORT_SEPARATOR = ",t,0x";
    private static final int EXTENDED_INQUIRY_BYTES = 60;
    /** HEADSUP, ORDSUP and SIMPSUP. */
    private static final int ALL_ATTRIBUTES = 0x07;

    private static final int V_SUP = 0x01;
    private static final int RTD_SUP = 0x08;

    private final UnitIdentity identity;
    private final boolean volatileCache;
    private final TargetPorts ports;

    /**
     * @param volatileCache whether the unit has a cache that a power failure empties
     * @param ports the ports by which the unit is reached, as far as they are known
     */
    public IdentityPages(UnitIdentity identity, boolean volatileCache, TargetPorts ports) {
        this.identity = identity;
        this.volatileCache = volatileCache;
        this.ports = ports;
    }

    /** The declarations. */
    public List<VpdPage> pages() {
        return List.of(
                new VpdPage(0x80, "Unit Serial Number", (page, nexus) -> page.put(ascii(identity.serial()))),
                new VpdPage(0x83, "Device Identification", this::designators),
                new VpdPage(0x86, "Extended INQUIRY Data", this::extendedInquiry),
                new VpdPage(0x87, "Mode Page Policy", IdentityPages::modePagePolicy),
                new VpdPage(0x88, "SCSI Ports", this::ports));
    }

    /** Every nexus sees the same mode pages. */
    private static void modePagePolicy(PageBuffer page, Nexus nexus) {
        page.put8(ALL_PAGES).put8(ALL_SUBPAGES).put8(POLICY_SHARED).put8(0);
    }

    /** Every port that is known; where none is, the one by which the nexus came. */
    private void ports(PageBuffer page, Nexus nexus) {
        List<TargetPort> known = ports.all();
        known.forEach(each -> port(page, each.relativeIdentifier(), each.name()));
        if (known.isEmpty() && nexus.relativeTargetPort() > 0) {
            port(page, nexus.relativeTargetPort(), nexus.targetPort());
        }
    }

    private static void port(PageBuffer page, int relativeIdentifier, String name) {
        PageBuffer names = new PageBuffer();
        portName(names, name);
        page.zeros(2).put16(relativeIdentifier).zeros(6);
        page.put16(names.length()).put(names.toBytes());
    }

    private void extendedInquiry(PageBuffer page, Nexus nexus) {
        page.put8(0)
                .put8(ALL_ATTRIBUTES)
                .put8(volatileCache ? V_SUP : 0)
                .put8(0)
                .put8(RTD_SUP);
        page.zeros(EXTENDED_INQUIRY_BYTES - 5);
    }

    /** The names of the unit itself. */
    public static List<Designator> designators(UnitIdentity identity) {
        PageBuffer t10 = new PageBuffer().ascii(identity.vendor(), 8).put(ascii(identity.serial()));
        PageBuffer naa = new PageBuffer().put64(identity.naa());
        PageBuffer name = new PageBuffer().nullPadded("naa." + String.format("%016X", identity.naa()));
        return List.of(
                Designator.of(ASCII, TYPE_T10_VENDOR_ID, t10.toBytes()),
                Designator.of(BINARY, TYPE_NAA, naa.toBytes()),
                Designator.of(UTF_8, TYPE_NAME_STRING, name.toBytes()));
    }

    private void designators(PageBuffer page, Nexus nexus) {
        for (Designator designator : designators(identity)) {
            PageBuffer value = new PageBuffer().put(designator.bytes());
            add(page, designator.codeSet(), OF_UNIT | designator.type(), value);
        }
        if (nexus.relativeTargetPort() > 0) {
            add(
                    page,
                    BINARY,
                    OF_PORT | TYPE_RELATIVE_PORT,
                    new PageBuffer().zeros(2).put16(nexus.relativeTargetPort()));
            add(
                    page,
                    BINARY,
                    OF_PORT | TYPE_PORT_GROUP,
                    new PageBuffer().zeros(2).put16(group(nexus)));
        }
        int separator = portName(page, nexus.targetPort());
        if (separator > 0) {
            PageBuffer device = new PageBuffer().nullPadded(nexus.targetPort().substring(0, separator));
            add(page, PROTOCOL_ISCSI | UTF_8, PROTOCOL_VALID | OF_TARGET_DEVICE | TYPE_NAME_STRING, device);
        }
    }

    private int group(Nexus nexus) {
        TargetPort port = ports.of(nexus);
        return port == null ? ReportTargetPortGroups.LONE_GROUP : port.group();
    }

    /** Adds the name of an iSCSI port, and returns where in it the name of the target device ends; else -1. */
    private static int portName(PageBuffer page, String name) {
        int separator = name.indexOf(ISCSI_PORT_SEPARATOR);
        if (separator > 0) {
            PageBuffer port = new PageBuffer().nullPadded(name);
            add(page, PROTOCOL_ISCSI | UTF_8, PROTOCOL_VALID | OF_PORT | TYPE_NAME_STRING, port);
        }
        return separator;
    }

    private static void add(PageBuffer page, int protocolAndCodeSet, int associationAndType, PageBuffer designator) {
        page.put8(protocolAndCodeSet)
                .put8(associationAndType)
                .put8(0)
                .put8(designator.length())
                .put(designator.toBytes());
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
