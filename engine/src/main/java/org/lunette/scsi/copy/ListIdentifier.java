package org.lunette.scsi.copy;

/**
 * How a nexus names a copy.
 *
 * @param lengthBytes 1 for EXTENDED COPY(LID1), 4 for the commands that have longer ones: they do not mix
 * @param value the LIST IDENTIFIER
 */
record ListIdentifier(int lengthBytes, long value) {
    static ListIdentifier ofOneByte(int value) {
        return new ListIdentifier(1, value);
    }

    static ListIdentifier ofFourBytes(long value) {
        return new ListIdentifier(4, value);
    }
}
