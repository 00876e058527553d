package org.lunette.app;

import java.util.Map;
import java.util.Set;
import org.lunette.admin.RefusalException;

/** Something that an administrator can have a running server do. Several threads call, at the same time. */
interface Verb {
    /** What it is called in requests. */
    String name();

    /** The names of the arguments that it takes. */
    Set<String> arguments();

    /**
     * Does it.
     *
     * @param arguments some of {@link #arguments()}
     * @return the result, as {@link org.lunette.admin.RequestHandler} says
     * @throws RefusalException if it cannot be done; then nothing was changed
     */
    Object perform(Map<String, String> arguments) throws RefusalException;
}
