package org.lunette.frontend.scstuser;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.reflect.Proxy;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.lunette.bridge.libc.Errno;
import org.lunette.bridge.scstuser.ScstUser;
import org.lunette.bridge.scstuser.ScstUserDevice;
import org.lunette.metrics.Counters;

@Timeout(60)
class ServedDeviceTest {
    private final List<String> calls = new CopyOnWriteArrayList<>();
    private final CountDownLatch replying = new CountDownLatch(1);
    private final CountDownLatch mayReturn = new CountDownLatch(1);
    private final ServedDevice served = new ServedDevice(ScstUserSettings.of("test", 0, 512), null, new Counters());

    /** A device whose REPLY_CMD takes its time. */
    private final ScstUserDevice device = (ScstUserDevice) Proxy.newProxyInstance(
            getClass().getClassLoader(), new Class<?>[] {ScstUserDevice.class}, (proxy, method, arguments) -> {
                if (method.getName().equals("replyCommand")) {
                    replying.countDown();
                    mayReturn.await();
                }
                if (!method.getName().equals("capacityChanged")) {
                    calls.add(method.getName());
                }
                return method.getReturnType() == int.class ? 0 : null;
            });

    @Test
    void theDeviceIsClosedWhenNoCallIsUnderWay() throws Exception {
        served.register(description -> device);
        Thread replies = new Thread(() -> served.replyResult(1, ScstUser.SCST_USER_ON_FREE_CMD, 0));
        replies.start();
        replying.await();
        Thread onceClosing = new Thread(() -> {
            while (served.capacityChanged() != -Errno.ENODEV) {
                Thread.yield();
            }
            mayReturn.countDown();
        });
        onceClosing.start();
        served.closeDevice();
        replies.join();
        onceClosing.join();
        assertEquals(List.of("replyCommand", "close"), calls);
    }
}
