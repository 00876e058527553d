package org.lunette.command;

/** Task attributes; SAM-5, 8.6. A command that came untagged is {@link #SIMPLE}. */
public enum TaskAttribute {
    SIMPLE,
    ORDERED,
    HEAD_OF_QUEUE,
    ACA
}
