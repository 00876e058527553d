package org.lunette.frontend.scstuser;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.lunette.bridge.memory.Region;
import org.lunette.bridge.scstuser.SessFlyweight;
import org.lunette.command.Command;
import org.lunette.command.CommandHandler;
import org.lunette.command.Nexus;
import org.lunette.command.TaskManagement;

/** Sessions by the kernel's handles, which it uses again at once. */
class SessionsTest {
    private static final long HANDLE = 0xffff_8880_1234_5000L;

    private final Region memory = Region.allocate("test: session", SessFlyweight.BYTES);
    private final List<String> heard = new ArrayList<>();
    private final Sessions sessions = new Sessions(new CommandHandler() {
        @Override
        public void execute(Command command) {
            throw new AssertionError("not asked for");
        }

        @Override
        public void manage(TaskManagement request) {
            throw new AssertionError("not asked for");
        }

        @Override
        public void nexusEstablished(Nexus nexus) {
            heard.add("+" + nexus.initiatorPort());
        }

        @Override
        public void nexusLost(Nexus nexus) {
            heard.add("-" + nexus.initiatorPort());
        }
    });

    @AfterEach
    void free() {
        memory.close();
    }

    private void attach(long handle, String initiator) {
        SessFlyweight sess = new SessFlyweight().wrap(memory.address());
        assertEquals(
                0,
                sessions.attach(
                        sess.sessH(handle).lun(2).initiatorName(initiator).targetName("target")));
    }

    @Test
    void aSessionIsFoundUntilItEnds() {
        attach(HANDLE, "a");
        attach(5, "b");
        assertEquals("a", sessions.find(HANDLE).nexus().initiatorPort());
        assertEquals(2, sessions.find(5).lun());
        assertNull(sessions.find(6));
        sessions.detach(HANDLE);
        assertNull(sessions.find(HANDLE));
        assertEquals("b", sessions.find(5).nexus().initiatorPort());
        assertEquals(List.of("+a", "+b", "-a"), heard);
    }

    @Test
    void aLateEndOfTheOldSessionDoesNotEndTheNewOneOfItsHandle() {
        attach(HANDLE, "old");
        attach(HANDLE, "new"); // another thread has the DETACH_SESS of the old one, and has not come to it
        sessions.detach(HANDLE);
        assertEquals("new", sessions.find(HANDLE).nexus().initiatorPort());
        assertEquals(List.of("+old", "-old", "+new"), heard);
        sessions.detach(HANDLE);
        assertNull(sessions.find(HANDLE));
        assertEquals("-new", heard.get(3));
    }

    @Test
    void whatIsLeftEndsWithTheDevice() {
        attach(1, "a");
        attach(2, "b");
        sessions.detachAll();
        sessions.detach(1);
        assertEquals(List.of("+a", "+b", "-a", "-b"), heard);
    }
}
