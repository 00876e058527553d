/**
 * What the integration tests share: running programs and saying what a test needs. Nothing here knows a single test.
 */
package org.lunette.it.support;
