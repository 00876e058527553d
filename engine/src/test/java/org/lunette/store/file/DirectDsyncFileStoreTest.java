package org.lunette.store.file;

class DirectDsyncFileStoreTest extends FileStoreContract {
    DirectDsyncFileStoreTest() {
        super(",direct,dsync");
    }
}
