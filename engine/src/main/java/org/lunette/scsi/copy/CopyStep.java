package org.lunette.scsi.copy;

import java.util.List;

/**
 * What is copied in one go: the bytes of {@code from}, after what the last step left over, to {@code to}.
 *
 * @param keepsResidue whether bytes left over come before those of the next step; else they are discarded
 */
record CopyStep(List<Extent> from, List<Extent> to, boolean keepsResidue) {}
