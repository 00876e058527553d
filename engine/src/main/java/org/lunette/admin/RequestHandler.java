package org.lunette.admin;

import java.util.Map;

/** Does what requests ask for. Several threads call, at the same time. */
@FunctionalInterface
public interface RequestHandler {
    /**
     * Handles a request.
     *
     * @param arguments by name
     * @return the result: of maps, lists, records, texts, numbers and booleans
     * @throws RefusalException if it is not complied with
     */
    Object handle(String verb, Map<String, String> arguments) throws RefusalException;
}
