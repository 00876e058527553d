package org.lunette.store.file;

class DsyncFileStoreTest extends FileStoreContract {
    DsyncFileStoreTest() {
        super(",dsync");
    }
}
