package org.lunette.scsi.copy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.lunette.command.AdditionalSense;
import org.lunette.command.Command;
import org.lunette.command.Nexus;

/** An EXTENDED COPY: its segments in their order, each a step. */
final class SegmentPlan implements CopyPlan {
    private final CopyDevice own;
    private final List<CscdDescriptor> cscds;
    private final List<SegmentDescriptor> segments;
    private final CopyDevice[] devices;
    private final CopyOperation operation;
    private int segment = -1;

    /** @param own the unit that the command came to */
    SegmentPlan(CopyManager manager, CopyDevice own, CopyList list, CopyOperation operation) {
        this.own = own;
        this.cscds = list.cscds();
        this.segments = list.segments();
        this.operation = operation;
        this.devices =
                cscds.stream().map(cscd -> manager.find(cscd.designator())).toArray(CopyDevice[]::new);
    }

    @Override
    public Set<CopyDevice> devices() {
        Set<CopyDevice> all = new HashSet<>();
        all.add(own);
        for (CopyDevice device : devices) {
            if (device != null) {
                all.add(device);
            }
        }
        return all;
    }

    @Override
    public Nexus nexus(boolean source) {
        return operation.nexus();
    }

    @Override
    public CopyStep next(int residueBytes) throws CopyFailure {
        segment++;
        if (segment == segments.size()) {
            return null;
        }
        SegmentDescriptor descriptor = segments.get(segment);
        CopyDevice source = device(descriptor.source(), SegmentDescriptor.SOURCE);
        CopyDevice destination = device(descriptor.destination(), SegmentDescriptor.DESTINATION);
        long sourceBytes = sourceBytes(descriptor, source, destination, residueBytes);
        long available = residueBytes + sourceBytes;
        long destinationBytes = descriptor.ofDestination()
                ? descriptor.count() * destination.blockBytes()
                : available & -destination.blockBytes();
        if (Math.max(sourceBytes, destinationBytes) > CopyLimits.MAX_SEGMENT_BYTES) {
            throw failure(AdditionalSense.INVALID_FIELD_IN_PARAMETER_LIST, descriptor.countField());
        }
        boolean keeps = descriptor.cat() && segment < segments.size() - 1;
        long padBytes = 0;
        if (available > destinationBytes && !keeps) {
            boolean leftOfSource = descriptor.ofDestination();
            if (!pads(leftOfSource ? descriptor.source() : descriptor.destination())) {
                throw failure(AdditionalSense.UNEXPECTED_INEXACT_SEGMENT, descriptor.countField());
            }
            if (leftOfSource) {
                sourceBytes -= Math.min(sourceBytes, available - destinationBytes);
            } else {
                padBytes = destinationBytes + destination.blockBytes() - available;
                destinationBytes += destination.blockBytes();
            }
        }
        long from = offset(source, descriptor.sourceLba(), SegmentDescriptor.SOURCE_LBA, descriptor, sourceBytes);
        long to = offset(
                destination, descriptor.destinationLba(), SegmentDescriptor.DESTINATION_LBA, null, destinationBytes);
        return step(source, from, sourceBytes, padBytes, destination, to, destinationBytes, keeps);
    }

    private static CopyStep step(
            CopyDevice source,
            long from,
            long sourceBytes,
            long padBytes,
            CopyDevice destination,
            long to,
            long destinationBytes,
            boolean keeps) {
        boolean backwards = source == destination
                && from < to
                && to < from + sourceBytes
                && sourceBytes == destinationBytes
                && from % source.blockBytes() == 0;
        // What is overwritten is read before.
        long piece = backwards
                ? Math.min(CopyBuffers.PIECE_BYTES, source.maxTransferBytes() & -source.blockBytes())
                : CopyLimits.MAX_SEGMENT_BYTES;
        List<Extent> sources = pieces(source, from, sourceBytes, piece);
        List<Extent> destinations = pieces(destination, to, destinationBytes, piece);
        if (backwards) {
            Collections.reverse(sources);
            Collections.reverse(destinations);
        }
        if (padBytes > 0) {
            sources.add(Extent.zeros(padBytes));
        }
        return new CopyStep(sources, destinations, keeps);
    }

    private static List<Extent> pieces(CopyDevice device, long offset, long bytes, long piece) {
        List<Extent> pieces = new ArrayList<>();
        for (long done = 0; done < bytes; done += piece) {
            pieces.add(new Extent(device, offset + done, Math.min(piece, bytes - done)));
        }
        return pieces;
    }

    private CopyDevice device(int id, int field) throws CopyFailure {
        if (id == CscdDescriptor.OWN_UNIT) {
            return own;
        }
        if (id >= devices.length) {
            throw failure(AdditionalSense.UNREACHABLE_COPY_TARGET, field);
        }
        CopyFailure unfit = cscds.get(id).unfit(devices[id], segment);
        if (unfit != null) {
            throw unfit;
        }
        return devices[id];
    }

    private boolean pads(int id) {
        return id != CscdDescriptor.OWN_UNIT && cscds.get(id).pad();
    }

    private static long sourceBytes(
            SegmentDescriptor descriptor, CopyDevice source, CopyDevice destination, int residueBytes) {
        if (descriptor.inBytes()) {
            return descriptor.count();
        }
        if (!descriptor.ofDestination()) {
            return descriptor.count() * source.blockBytes();
        }
        long missing = Math.max(0, descriptor.count() * destination.blockBytes() - residueBytes);
        return missing + source.blockBytes() - 1 & -source.blockBytes();
    }

    /** Where in a unit a range starts, which is within it. */
    private long offset(CopyDevice device, long lba, int field, SegmentDescriptor withOffset, long bytes)
            throws CopyFailure {
        long blocks = device.blocks();
        int skipped = withOffset == null ? 0 : withOffset.sourceOffset();
        if (skipped >= device.blockBytes()) {
            throw failure(AdditionalSense.INVALID_FIELD_IN_PARAMETER_LIST, 28);
        }
        long length = skipped + bytes;
        long needed = length / device.blockBytes() + (length % device.blockBytes() == 0 ? 0 : 1);
        if (Long.compareUnsigned(lba, blocks) > 0 || needed > blocks - lba) {
            throw failure(AdditionalSense.NO_ADDITIONAL_SENSE_INFORMATION, field);
        }
        return lba * device.blockBytes() + skipped;
    }

    private CopyFailure failure(AdditionalSense additional, int field) {
        return CopyFailure.segment(additional, segment, true, field);
    }

    @Override
    public void stepDone() {
        operation.segmentProcessed();
    }

    @Override
    public CopyFailure failed(boolean source, Command command) {
        return CopyFailure.thirdParty(segment, source, command);
    }
}
