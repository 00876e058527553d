package org.lunette.app;

import java.util.List;
import org.lunette.command.CommandHandler;
import org.lunette.filter.Filter;
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
 * @param handler what commands to it go to: the unit, or the outermost filter around it
 * @param filters around it, the outermost first
 */
record Unit(
        LogicalUnit unit,
        Identity identity,
        Store store,
        String specification,
        boolean blocking,
        CommandHandler handler,
        List<Filter> filters) {
    /** A unit without filters. */
    Unit(LogicalUnit unit, Identity identity, Store store, String specification, boolean blocking) {
        this(unit, identity, store, specification, blocking, unit, List.of());
    }
}
