package org.lunette.frontend.scstuser;

/**
 * Which commands a task management function ends: those that the core had before it, which our threads may have fetched
 * together with later ones.
 *
 * @param session whose commands; null for all sessions'
 * @param handle the function's own handle: the core counts handles upwards, so what came later has a later one
 * @param numbered the session whose commands the function also bounds by their numbers; null for none
 * @param number the first number of that session that is not concerned
 */
record AbortScope(Session session, int handle, Session numbered, int number) {
    /** Whether the function ends the command of a session that has that handle and number. Both go round; RFC 1982. */
    boolean contains(Session of, int commandHandle, int commandNumber) {
        if (session != null && session != of || commandHandle - handle >= 0) {
            return false;
        }
        return numbered == null || numbered != of || commandNumber - number < 0;
    }
}
