package org.lunette.store.file;

class DirectFileStoreTest extends FileStoreContract {
    DirectFileStoreTest() {
        super(",direct");
    }
}
