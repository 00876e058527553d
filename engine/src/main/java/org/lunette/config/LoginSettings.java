package org.lunette.config;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Who may log in over iSCSI.
 *
 * @param incoming as whom initiators log in to the target; if there are none, whoever comes may
 * @param outgoing as whom the target proves itself to them
 * @param discoveryIncoming as whom they log in to discovery sessions; if there are none, as to the target
 * @param discoveryOutgoing as whom the target proves itself there
 * @param anonymous whether a portal that others reach may be without users
 */
public record LoginSettings(
        List<Credentials> incoming,
        Optional<Credentials> outgoing,
        List<Credentials> discoveryIncoming,
        Optional<Credentials> discoveryOutgoing,
        boolean anonymous) {
    /** Whoever reaches a portal may log in, and it is not reached by others. */
    public static final LoginSettings LOCAL =
            new LoginSettings(List.of(), Optional.empty(), List.of(), Optional.empty(), false);

    /** The most users of the target, and of discovery. */
    public static final int MAX_USERS = 1024;

    private static final String INCOMING = "--incoming-user";
    private static final String OUTGOING = "--outgoing-user";
    private static final String DISCOVERY_INCOMING = "--discovery-incoming-user";
    private static final String DISCOVERY_OUTGOING = "--discovery-outgoing-user";
    private static final String ANONYMOUS = "--allow-anonymous";

    /**
     * Reads users, each {@code NAME:FILE}, and validates.
     *
     * @param outgoing may be null, as well as {@code discoveryOutgoing}
     * @throws SettingsException if a user or its file is wrong, or the settings contradict each other
     */
    public static LoginSettings parse(
            List<String> incoming,
            String outgoing,
            List<String> discoveryIncoming,
            String discoveryOutgoing,
            boolean anonymous)
            throws SettingsException {
        LoginSettings settings = new LoginSettings(
                users(INCOMING, incoming),
                user(OUTGOING, outgoing),
                users(DISCOVERY_INCOMING, discoveryIncoming),
                user(DISCOVERY_OUTGOING, discoveryOutgoing),
                anonymous);
        settings.check();
        return settings;
    }

    private static List<Credentials> users(String option, List<String> texts) throws SettingsException {
        if (texts.size() > MAX_USERS) {
            throw new SettingsException(texts.size() + " times " + option + ": " + MAX_USERS + " is the most");
        }
        List<Credentials> users = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (String text : texts) {
            Credentials user = Credentials.parse(option, text);
            if (!names.add(user.name())) {
                throw new SettingsException(option + ": the user '" + user.name() + "' is given twice");
            }
            users.add(user);
        }
        return List.copyOf(users);
    }

    private static Optional<Credentials> user(String option, String text) throws SettingsException {
        return text == null ? Optional.empty() : Optional.of(Credentials.parse(option, text));
    }

    private void check() throws SettingsException {
        needs(OUTGOING, outgoing.isPresent(), INCOMING, !incoming.isEmpty());
        needs(DISCOVERY_INCOMING, !discoveryIncoming.isEmpty(), INCOMING, !incoming.isEmpty());
        needs(DISCOVERY_OUTGOING, discoveryOutgoing.isPresent(), DISCOVERY_INCOMING, !discoveryIncoming.isEmpty());
        if (anonymous && areUsersRequired()) {
            throw new SettingsException(
                    ANONYMOUS + " and " + INCOMING + " exclude each other: with users nobody logs in without one");
        }
        List<Credentials> in = new ArrayList<>(incoming);
        in.addAll(discoveryIncoming);
        List<Credentials> out = new ArrayList<>(outgoing.stream().toList());
        discoveryOutgoing.ifPresent(out::add);
        for (Credentials ours : out) {
            for (Credentials theirs : in) {
                if (ours.hasSecretOf(theirs)) {
                    throw new SettingsException("the outgoing user '" + ours + "' and the incoming user '" + theirs
                            + "' have one secret: each direction needs its own");
                }
            }
        }
    }

    private static void needs(String option, boolean given, String other, boolean otherGiven) throws SettingsException {
        if (given && !otherGiven) {
            throw new SettingsException(option + " goes with " + other + " only");
        }
    }

    /** Whether initiators have to be one of the users. */
    public boolean areUsersRequired() {
        return !incoming.isEmpty();
    }

    /**
     * Checks that a portal that others reach is open to them only where that was said.
     *
     * @param loopback whether it is reached from this machine alone
     * @throws SettingsException if it must not be opened; it says the ways out
     */
    public void checkPortal(ListenAddress portal, boolean loopback) throws SettingsException {
        if (!loopback && !areUsersRequired() && !anonymous) {
            throw new SettingsException(
                    "whoever reaches " + portal + " could read and write the disks: name who may, by " + INCOMING
                            + " NAME:FILE, or say " + ANONYMOUS + " if that is meant");
        }
    }
}
