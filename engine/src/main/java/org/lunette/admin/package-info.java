/**
 * The administrator's way in: a Unix domain socket of the server's, the protocol on it, and its client.
 *
 * <p>A request is a line of JSON, {@code {"verb":"resize","arguments":{"name":"disk0","size":"2G"}}}; so is the
 * response, {@code {"result":...}} or {@code {"error":"..."}}. What a verb does, this room does not know.
 *
 * <p>May use {@code bridge.libc}; nothing else of ours. The only room that imports Gson.
 */
package org.lunette.admin;
