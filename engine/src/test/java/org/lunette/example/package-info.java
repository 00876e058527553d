/** Examples for authors of filters of their own: complete, and run as tests. */
package org.lunette.example;
