package org.lunette.cli;

import java.util.ArrayList;
import java.util.List;
import org.lunette.config.LoginSettings;
import org.lunette.config.SettingsException;
import picocli.CommandLine.Option;

/** Who may log in: the options of {@code serve} for it. Secrets stand in files, since a command line is seen by all. */
final class LoginOptions {
    @Option(
            names = "--incoming-user",
            paramLabel = "NAME:FILE",
            description = {
                "As whom initiators log in (CHAP); may be given again for one more. FILE holds the secret:",
                "one line of 12 to 255 bytes, in a file of this user's own (chmod 600)."
            })
    private List<String> incoming = new ArrayList<>();

    @Option(
            names = "--outgoing-user",
            paramLabel = "NAME:FILE",
            description = "As whom the target proves itself to initiators that ask for it (mutual CHAP).")
    private String outgoing;

    @Option(
            names = "--discovery-incoming-user",
            paramLabel = "NAME:FILE",
            description = "As whom they log in to discovery sessions; as to the target, if not said.")
    private List<String> discoveryIncoming = new ArrayList<>();

    @Option(
            names = "--discovery-outgoing-user",
            paramLabel = "NAME:FILE",
            description = "As whom the target proves itself there.")
    private String discoveryOutgoing;

    @Option(
            names = "--allow-anonymous",
            description = "Whoever reaches a portal may read and write the disks, from other machines too.")
    private boolean anonymous;

    LoginSettings settings() throws SettingsException {
        return LoginSettings.parse(incoming, outgoing, discoveryIncoming, discoveryOutgoing, anonymous);
    }
}
