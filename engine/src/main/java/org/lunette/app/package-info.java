/**
 * The composition root: opens stores, makes units of them, gives them to a front-end, and ends all that in the reverse
 * order.
 *
 * <p>The only room that sees everything; only {@code cli} sees it.
 */
package org.lunette.app;
