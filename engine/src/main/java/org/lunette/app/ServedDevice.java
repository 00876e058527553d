package org.lunette.app;

/**
 * A device as it is served.
 *
 * @param lun its logical unit number
 * @param name its name
 * @param store the specification of its store
 * @param size its size, in words
 */
public record ServedDevice(int lun, String name, String store, String size) {}
