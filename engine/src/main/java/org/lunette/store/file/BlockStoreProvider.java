package org.lunette.store.file;

import java.util.Set;
import org.lunette.bridge.libc.Libc;
import org.lunette.bridge.memory.Memory;
import org.lunette.bridge.memory.Region;
import org.lunette.store.Store;
import org.lunette.store.StoreException;
import org.lunette.store.StoreProvider;
import org.lunette.store.StoreSpec;

/** Opens block devices as stores: disks, partitions, volumes. */
public final class BlockStoreProvider implements StoreProvider {
    private static final Set<String> OPTIONS = Set.of("direct", "dsync", "read-only", "thick");

    private static final long BLKROGET = 0x125e;
    private static final long BLKSSZGET = 0x1268;
    private static final long BLKPBSZGET = 0x127b;

    @Override
    public String kind() {
        return "block";
    }

    @Override
    public String usage() {
        return "PATH[,direct][,dsync][,read-only][,thick] - a block device that nothing else uses";
    }

    @Override
    public Store open(StoreSpec spec) throws StoreException {
        OpenRequest request = OpenRequest.of(spec, OPTIONS);
        FileFacts facts = FileFacts.ofPath(request.path());
        if (facts != null && !facts.isBlockDevice()) {
            throw request.refusal("it is " + facts.type() + (facts.isRegular() ? ": use file:" + request.path() : ""));
        }
        int fd = request.open(Libc.O_EXCL); // the kernel then lets nobody else mount it or claim it
        return request.open(fd, opened -> openDevice(request, opened));
    }

    private static Store openDevice(OpenRequest request, int fd) throws StoreException {
        FileFacts facts = FileFacts.ofDescriptor(fd);
        if (facts == null || !facts.isBlockDevice()) {
            throw request.refusal("it is no block device any more");
        }
        if (!request.readOnly() && ask(request, fd, BLKROGET) != 0) {
            throw request.refusal("the device is write-protected: add 'read-only'");
        }
        long sizeBytes = ask(request, fd, DescriptorDisk.BLKGETSIZE64);
        request.checkSize(sizeBytes);
        if (facts.alignment() == null) {
            int sectorBytes = (int) ask(request, fd, BLKSSZGET);
            facts = new FileFacts(
                    facts.mode(),
                    facts.sizeBytes(),
                    facts.device(),
                    new FileFacts.DirectAlignment(sectorBytes, sectorBytes));
        }
        return request.store(fd, facts, sizeBytes, (int) ask(request, fd, BLKPBSZGET), facts.givesSpaceBack());
    }

    /** The device's answer to a request that takes no argument: 4 bytes, or 8 for the size. */
    private static long ask(OpenRequest request, int fd, long what) throws StoreException {
        try (Region answer = Region.allocate("block device answer", Long.BYTES)) {
            int result = Libc.ioctl(fd, what, answer.address());
            if (result < 0) {
                throw request.refusal("the device does not answer ioctl " + Long.toHexString(what) + "h", result);
            }
            return what == DescriptorDisk.BLKGETSIZE64
                    ? Memory.getLong(answer.address())
                    : Memory.getInt(answer.address());
        }
    }
}
