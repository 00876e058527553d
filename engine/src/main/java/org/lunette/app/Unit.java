package org.lunette.app;

import org.lunette.scsi.unit.LogicalUnit;

/**
 * A unit to be served.
 *
 * @param unit the unit
 * @param blocking whether its store may hold a thread for the time of an I/O
 */
record Unit(LogicalUnit unit, boolean blocking) {}
