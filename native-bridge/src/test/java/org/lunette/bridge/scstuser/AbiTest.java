package org.lunette.bridge.scstuser;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.lunette.bridge.memory.Memory;
import org.lunette.bridge.memory.Region;

/**
 * Compares the flyweights with a table that a C compiler printed from SCST's headers. For an offset the accessors
 * themselves are tried: a setter must change the bytes that the table gives to the field, and no others; a getter must
 * read them, and no others.
 */
class AbiTest {
    private static final String TABLE = "abi.tsv";
    private static final int ROOM_BYTES = 1024;

    private static Region region;

    /** One line of the table. */
    record Line(String kind, String name, String field, String value, String size) {
        Class<?> flyweight() throws ClassNotFoundException {
            String bare = name.replaceFirst("^(struct|union) scst_user_", "")
                    .replaceFirst("^(prealloc_buffer)_(in|out)$", "$1");
            return Class.forName(AbiTest.class.getPackageName() + "." + capitalized(camel(bare)) + "Flyweight");
        }

        int number() {
            return (int) Long.parseUnsignedLong(value.replaceFirst("^0x", ""), value.startsWith("0x") ? 16 : 10);
        }

        @Override
        public String toString() {
            return kind + " " + name + (field.equals("-") ? "" : " " + field);
        }
    }

    @BeforeAll
    static void allocate() {
        region = Region.allocate("test: flyweights", ROOM_BYTES);
    }

    @AfterAll
    static void free() {
        region.close();
    }

    static List<Line> lines(String kind) throws IOException {
        List<Line> lines = new ArrayList<>();
        try (BufferedReader in = new BufferedReader(
                new InputStreamReader(AbiTest.class.getResourceAsStream(TABLE), StandardCharsets.UTF_8))) {
            in.readLine(); // the heading
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                String[] column = line.split("\t");
                if (column[0].equals(kind)) {
                    lines.add(
                            new Line(column[0], column[1], column[2], column[3], column.length > 4 ? column[4] : "-"));
                }
            }
        }
        assertTrue(lines.size() > 10, "the table has lines of kind " + kind);
        return lines;
    }

    static Stream<Line> sizes() throws IOException {
        return lines("sizeof").stream();
    }

    static Stream<Line> offsets() throws IOException {
        return lines("offset").stream();
    }

    static Stream<Line> constants() throws IOException {
        return lines("const").stream();
    }

    @ParameterizedTest
    @MethodSource("sizes")
    void sizeIsTheCompilers(Line line) throws ReflectiveOperationException {
        assertEquals(line.number(), line.flyweight().getField("BYTES").getInt(null));
    }

    @ParameterizedTest
    @MethodSource("constants")
    void constantIsTheHeaders(Line line) throws ReflectiveOperationException {
        long expected = Long.parseUnsignedLong(line.value.substring(2), 16);
        Field constant = ScstUser.class.getField(line.name);
        if (constant.getType() == int.class) {
            assertEquals((int) expected, constant.getInt(null));
            assertTrue(expected == (expected & 0xffff_ffffL) || expected == (int) expected, "fits 32 bits");
        } else {
            assertEquals(expected, constant.getLong(null));
        }
    }

    @ParameterizedTest
    @MethodSource("offsets")
    void offsetAndWidthAreTheCompilers(Line line) throws ReflectiveOperationException {
        Class<?> type = line.flyweight();
        int offset = constant(type, line.field, "OFFSET").getInt(null);
        assertEquals(line.number(), offset);

        Flyweight flyweight = (Flyweight) type.getConstructor().newInstance();
        type.getMethod("wrap", long.class).invoke(flyweight, region.address());
        Method getter = method(type, camel(line.field), 0);
        if (getter == null) {
            long address = (long) method(type, camel(line.field) + "Address", 0).invoke(flyweight);
            assertEquals(region.address() + offset, address);
            if (!line.size.equals("-")) {
                assertEquals(
                        Integer.parseInt(line.size),
                        constant(type, line.field, "BYTES").getInt(null));
            }
        } else if (getter.getReturnType() == String.class) {
            tryString(flyweight, getter, offset, Integer.parseInt(line.size));
        } else {
            tryNumber(flyweight, getter, offset, Integer.parseInt(line.size));
        }
    }

    private static void tryNumber(Flyweight flyweight, Method getter, int offset, int width)
            throws ReflectiveOperationException {
        Method setter = method(flyweight.getClass(), getter.getName(), 1);
        assertNotNull(setter, "a setter");
        Memory.fill(region.address(), ROOM_BYTES, (byte) 0);
        setter.invoke(flyweight, getter.getReturnType() == int.class ? (Object) Integer.valueOf(-1) : Long.valueOf(-1));
        assertChanged(offset, width, (byte) 0);

        Memory.fill(region.address(), ROOM_BYTES, (byte) 0xff);
        for (int i = 0; i < width; i++) {
            Memory.putByte(region.address() + offset + i, (byte) (i + 1));
        }
        long expected = 0x0807_0605_0403_0201L & (width == 8 ? -1L : (1L << 8 * width) - 1);
        assertEquals(expected, ((Number) getter.invoke(flyweight)).longValue(), "read in little-endian order");
    }

    private static void tryString(Flyweight flyweight, Method getter, int offset, int width)
            throws ReflectiveOperationException {
        Memory.fill(region.address(), ROOM_BYTES, (byte) 0xff);
        String tooLong = "x".repeat(width + 10);
        method(flyweight.getClass(), getter.getName(), 1).invoke(flyweight, tooLong);
        assertChanged(offset, width, (byte) 0xff);
        assertEquals("x".repeat(width - 1), getter.invoke(flyweight), "cut off before the NUL");
        method(flyweight.getClass(), getter.getName(), 1).invoke(flyweight, "disk0");
        assertEquals("disk0", getter.invoke(flyweight));
        assertEquals(0, Memory.getByte(region.address() + offset + width - 1), "zero-filled");
    }

    private static void assertChanged(int offset, int width, byte before) {
        for (int i = 0; i < ROOM_BYTES; i++) {
            boolean changed = Memory.getByte(region.address() + i) != before;
            assertEquals(i >= offset && i < offset + width, changed, "byte " + i);
        }
    }

    @Test
    void everyFieldAndSizeStandsInTheTable() throws Exception {
        Set<String> inTable = new HashSet<>();
        for (Line line : lines("offset")) {
            inTable.add(line.flyweight().getSimpleName() + "." + line.field.toUpperCase(Locale.ROOT) + "_OFFSET");
        }
        for (Line line : lines("sizeof")) {
            inTable.add(line.flyweight().getSimpleName() + ".BYTES");
        }
        Set<String> unknown = new TreeSet<>();
        int flyweights = 0;
        for (File file : classFiles()) {
            Class<?> type = Class.forName(
                    getClass().getPackageName() + "." + file.getName().replace(".class", ""));
            if (type == Flyweight.class || !Flyweight.class.isAssignableFrom(type)) {
                continue;
            }
            flyweights++;
            for (Field field : type.getDeclaredFields()) {
                String name = type.getSimpleName() + "." + field.getName();
                if ((field.getName().endsWith("_OFFSET") || field.getName().equals("BYTES"))
                        && !inTable.contains(name)) {
                    unknown.add(name);
                }
            }
        }
        assertEquals(Set.of(), unknown);
        assertEquals(lines("sizeof").size(), flyweights, "flyweights");
    }

    @Test
    void everyConstantStandsInTheTable() throws IOException {
        Set<String> inTable = new HashSet<>();
        lines("const").forEach(line -> inTable.add(line.name));
        for (Field field : ScstUser.class.getFields()) {
            if (Modifier.isStatic(field.getModifiers()) && field.getType() != String.class) {
                assertTrue(inTable.contains(field.getName()), field.getName());
            }
        }
    }

    private static File[] classFiles() throws URISyntaxException {
        File folder = new File(Flyweight.class.getResource("Flyweight.class").toURI()).getParentFile();
        return folder.listFiles((dir, name) -> name.endsWith("Flyweight.class"));
    }

    private static Field constant(Class<?> type, String field, String suffix) throws NoSuchFieldException {
        return type.getDeclaredField(field.toUpperCase(Locale.ROOT) + "_" + suffix);
    }

    private static Method method(Class<?> type, String name, int parameters) {
        for (Method method : type.getDeclaredMethods()) {
            if (method.getName().equals(name) && method.getParameterCount() == parameters) {
                return method;
            }
        }
        return null;
    }

    private static String camel(String snake) {
        StringBuilder camel = new StringBuilder();
        for (String part : snake.split("_")) {
            camel.append(camel.length() == 0 ? part : capitalized(part));
        }
        return camel.toString();
    }

    private static String capitalized(String word) {
        return word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1);
    }
}
