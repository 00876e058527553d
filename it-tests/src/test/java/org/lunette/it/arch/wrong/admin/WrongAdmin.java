package org.lunette.it.arch.wrong.admin;

import org.lunette.it.arch.wrong.command.WrongCommand;

/** Lives where it should not, or knows whom it should not. */
public final class WrongAdmin {

    WrongCommand wrongCommand;
}
