package org.lunette.bridge.scstuser;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A place that may know the version string of the loaded {@code scst_user} module. */
@FunctionalInterface
interface VersionSource {
    /**
     * What a place had to say.
     *
     * @param place where was looked, as a user would call it
     * @param versions the strings to try, the likeliest first
     * @param remark why there is none, or what else is to be said; may be empty
     */
    record Finding(String place, List<String> versions, String remark) {
        static Finding none(String place, String remark) {
            return new Finding(place, List.of(), remark);
        }
    }

    /** Looks; never throws for what is missing or unreadable. */
    Finding find();

    /** The places to ask, in order: the setting if there is one, the installed headers, the installed module. */
    static List<VersionSource> defaults(String setting) {
        List<VersionSource> sources = new ArrayList<>();
        if (setting != null) {
            sources.add(() -> new Finding("the setting", List.of(setting), ""));
        }
        sources.add(new HeaderVersion(Path.of("/usr/local/include/scst")));
        sources.add(new HeaderVersion(Path.of("/usr/include/scst")));
        sources.add(new ModuleFileVersion(Path.of("/lib/modules", System.getProperty("os.version"))));
        return sources;
    }
}
