package org.lunette.it.arch.wrong.config;

import com.google.gson.Gson;

/** Lives where it should not, or knows whom it should not. */
public final class WrongConfig {

    Gson gson;
}
