package org.lunette.scsi.reservation;

import java.util.List;
import org.lunette.command.Nexus;

/**
 * What REGISTER, or REGISTER AND IGNORE EXISTING KEY, asks for.
 *
 * @param nexus by which it came
 * @param otherPorts the same initiator port by the other target ports, as far as ALL_TG_PT means them
 * @param specified those that SPEC_I_PT names; null if it is 0
 * @param key the key that the nexus claims to have; 0 if it claims none
 * @param newKey what to register; 0 to unregister
 * @param ignoreKey whether {@code key} does not count
 * @param persists APTPL
 */
public record RegisterRequest(
        Nexus nexus,
        List<Nexus> otherPorts,
        List<Nexus> specified,
        long key,
        long newKey,
        boolean ignoreKey,
        boolean persists) {}
