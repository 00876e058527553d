package org.lunette.frontend.scstuser;

import org.lunette.command.Nexus;

/**
 * A session as SCST sees it: one nexus and one LUN.
 *
 * @param handle the kernel's name for it, which may be used again after it has ended
 */
record Session(long handle, Nexus nexus, int lun) {}
