/**
 * What a user may set, read and validated once. A wrong setting is refused with what was written and what would be
 * right.
 *
 * <p>Knows the JDK and nothing of ours.
 */
package org.lunette.config;
