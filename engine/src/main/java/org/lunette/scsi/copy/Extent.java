package org.lunette.scsi.copy;

/**
 * A stretch of bytes to copy from or to.
 *
 * @param device whose bytes; null for zeros without end
 * @param offsetBytes where they start; a destination starts with a logical block
 * @param lengthBytes how many, not 0; a destination has whole logical blocks
 */
record Extent(CopyDevice device, long offsetBytes, long lengthBytes) {
    static Extent zeros(long lengthBytes) {
        return new Extent(null, 0, lengthBytes);
    }
}
