package org.lunette.store.file;

class BufferedBlockStoreTest extends BlockStoreContract {
    BufferedBlockStoreTest() {
        super("");
    }
}
