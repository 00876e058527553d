package org.lunette.it.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Properties;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import org.junit.jupiter.api.Test;

/** What the executable jar carries, and what it owes to those who wrote it. */
class ExecutableJarIT {

    @Test
    void noticeNamesEveryWorkOfOthers() throws IOException {
        try (JarFile jar = new JarFile(System.getProperty("lunette.jar"))) {
            String notice = text(jar, "META-INF/NOTICE");
            List<JarEntry> works = jar.stream()
                    .filter(entry -> entry.getName().matches("META-INF/maven/.*/pom\\.properties"))
                    .toList();
            assertTrue(works.size() > 10, works.toString());
            for (JarEntry work : works) {
                Properties coordinates = new Properties();
                coordinates.load(jar.getInputStream(work));
                String group = coordinates.getProperty("groupId");
                if (!group.equals("org.lunette")) {
                    assertTrue(notice.contains(group + ":"), "NOTICE does not name " + group);
                    String artifact = coordinates.getProperty("artifactId");
                    assertTrue(notice.contains(artifact), "NOTICE does not name " + group + ":" + artifact);
                }
            }
        }
    }

    @Test
    void licencesAreInside() throws IOException {
        try (JarFile jar = new JarFile(System.getProperty("lunette.jar"))) {
            String licence = text(jar, "META-INF/LICENSE");
            assertTrue(
                    licence.startsWith("Lunette is licensed under MIT OR GPL-2.0"),
                    "another work's licence took its place");
            assertNotNull(jar.getEntry("META-INF/AL2.0"), "the Apache License is missing");
            assertEquals("true", jar.getManifest().getMainAttributes().getValue("Multi-Release"));
        }
    }

    private static String text(JarFile jar, String name) throws IOException {
        JarEntry entry = jar.getJarEntry(name);
        assertNotNull(entry, name + " is missing");
        try (InputStream content = jar.getInputStream(entry)) {
            return new String(content.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
