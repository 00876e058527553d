/**
 * The import rule of the house as a test. Nothing else belongs here, and {@code wrong} is a house that breaks each of
 * its rules.
 */
package org.lunette.it.arch;
