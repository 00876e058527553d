/**
 * Tests on an emulated machine with a real kernel. The machine itself is {@code it-tests/vm/machine}, which runs by
 * hand as well.
 */
package org.lunette.it.vm;
