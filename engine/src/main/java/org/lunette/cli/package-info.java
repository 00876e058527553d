/**
 * The command line: reads it, hands the settings to {@code app}, says what happened.
 *
 * <p>The only room that imports picocli. It knows {@code app}, {@code admin} and {@code config}, and the stores only
 * through {@code app}.
 */
package org.lunette.cli;
