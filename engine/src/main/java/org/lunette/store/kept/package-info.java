/** Kept values in files: a folder for each device. */
package org.lunette.store.kept;
