package org.lunette.store;

/**
 * What a store is and truly guarantees.
 *
 * @param kind the name it is opened by: {@code ram}, {@code file}
 * @param readOnly whether writes are refused
 * @param volatileCache whether a plain write may be lost by a power failure: SCSI's WCE
 * @param blocking whether an operation may hold its thread for the time of an I/O
 * @param physicalBlockBytes the size that is written without reading first; a power of two
 * @param rotational whether the medium turns
 * @param thin whether space is taken when it is first written, and given back by {@link Store#unmap}: SCSI's LBPME
 */
public record StoreProperties(
        String kind,
        boolean readOnly,
        boolean volatileCache,
        boolean blocking,
        int physicalBlockBytes,
        boolean rotational,
        boolean thin) {}
