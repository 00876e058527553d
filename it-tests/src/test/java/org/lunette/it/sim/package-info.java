/** Simulation: models of what surrounds the engine, driven by seeds, with oracles that know what must come out. */
package org.lunette.it.sim;
