package org.lunette.it.sim;

import java.util.Map;
import java.util.stream.Collectors;
import org.lunette.bridge.memory.RegionCounts;

/** What front-ends for SCST have of memory, in this whole process. */
final class ScstRegions {
    private ScstRegions() {}

    /** The bytes by the regions' names; empty when all have been closed. */
    static Map<String, Long> open() {
        return RegionCounts.openBytes().entrySet().stream()
                .filter(entry -> entry.getKey().startsWith("scst_user"))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }
}
