package org.lunette.store.file;

class DirectDsyncBlockStoreTest extends BlockStoreContract {
    DirectDsyncBlockStoreTest() {
        super(",direct,dsync");
    }
}
