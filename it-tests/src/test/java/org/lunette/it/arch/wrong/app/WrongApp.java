package org.lunette.it.arch.wrong.app;

import org.lunette.it.arch.wrong.cli.WrongCli;
import picocli.CommandLine;

/** Lives where it should not, or knows whom it should not. */
public final class WrongApp {

    WrongCli wrongCli;

    CommandLine commandLine;

    void print() {
        System.out.println("printed by app");
    }
}
