/** JMH benchmarks of the pieces and of whole paths in process. Imported by nobody. */
package org.lunette.benchmarks;
