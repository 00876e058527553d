package org.lunette.app;

import java.util.List;
import java.util.Optional;
import org.lunette.config.Credentials;
import org.lunette.config.LoginSettings;
import org.lunette.frontend.iscsi.chap.ChapSecret;
import org.lunette.frontend.iscsi.chap.ChapUser;
import org.lunette.frontend.iscsi.chap.ChapUsers;

/** Who may log in, from the settings to the front-end. */
final class ChapSettings {
    private final LoginSettings settings;

    ChapSettings(LoginSettings settings) {
        this.settings = settings;
    }

    /** The users of the target. */
    ChapUsers target() {
        return users(settings.incoming(), settings.outgoing());
    }

    /** The users of discovery sessions; empty if they are those of the target. */
    Optional<ChapUsers> discovery() {
        return settings.discoveryIncoming().isEmpty()
                ? Optional.empty()
                : Optional.of(users(settings.discoveryIncoming(), settings.discoveryOutgoing()));
    }

    private static ChapUsers users(List<Credentials> incoming, Optional<Credentials> outgoing) {
        return new ChapUsers(incoming.stream().map(ChapSettings::user).toList(), outgoing.map(ChapSettings::user));
    }

    private static ChapUser user(Credentials credentials) {
        return new ChapUser(credentials.name(), new ChapSecret(credentials.secret()));
    }
}
