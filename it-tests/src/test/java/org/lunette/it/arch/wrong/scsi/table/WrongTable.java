package org.lunette.it.arch.wrong.scsi.table;

import io.netty.buffer.ByteBuf;

/** Lives where it should not, or knows whom it should not. */
public final class WrongTable {

    ByteBuf byteBuf;
}
