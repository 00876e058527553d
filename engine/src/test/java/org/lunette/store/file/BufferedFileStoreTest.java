package org.lunette.store.file;

class BufferedFileStoreTest extends FileStoreContract {
    BufferedFileStoreTest() {
        super("");
    }
}
