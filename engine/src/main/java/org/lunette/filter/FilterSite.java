package org.lunette.filter;

import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.lunette.command.CommandHandler;

/**
 * Where a filter stands.
 *
 * @param device the device's name
 * @param next what the filter is around: the next filter, or the unit
 * @param commands what the unit's table says of commands
 * @param blockBytes the length of a logical block
 * @param blocks the unit's capacity
 * @param descriptorSense whether the unit's sense data is in descriptor format: D_SENSE, SPC-5
 * @param timer what tells the time, and when it has come
 */
public record FilterSite(
        String device,
        CommandHandler next,
        CommandTable commands,
        int blockBytes,
        LongSupplier blocks,
        BooleanSupplier descriptorSense,
        FilterTimer timer) {}
