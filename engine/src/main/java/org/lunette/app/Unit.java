package org.lunette.app;

import org.lunette.scsi.unit.Identity;
import org.lunette.scsi.unit.LogicalUnit;
import org.lunette.store.Store;

/**
 * A unit to be served.
 *
 * @param unit the unit
 * @param identity which it is
 * @param store its blocks
 * @param specification of its store, as the user wrote it
 * @param blocking whether its store may hold a thread for the time of an I/O
 */
record Unit(LogicalUnit unit, Identity identity, Store store, String specification, boolean blocking) {}
