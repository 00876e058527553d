package org.lunette.it.arch;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.lunette.bridge.libc.Libc;
import org.lunette.command.Command;

/**
 * The import rule holds for the classes of native-bridge and engine, and each part of it really fails when it is
 * broken.
 */
class HouseTest {

    private static final String HOUSE = "org.lunette";
    private static final String WRONG_HOUSE = "org.lunette.it.arch.wrong";

    private static JavaClasses house() {
        return new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests())
                .withImportOption(location -> !location.contains("-tests.jar"))
                .importPackages(HOUSE);
    }

    @Test
    void bothModulesAreLookedAt() {
        JavaClasses house = house();
        assertTrue(house.contain(Libc.class) && house.contain(Command.class), "the rules would hold for nothing");
    }

    @TestFactory
    Stream<DynamicTest> theHouseKeepsTheRule() {
        JavaClasses house = house();
        return HouseRules.of(HOUSE).stream().map(rule -> dynamicTest(rule.getDescription(), () -> rule.check(house)));
    }

    @TestFactory
    Stream<DynamicTest> aHouseThatBreaksTheRuleIsFoundOut() {
        JavaClasses wrongHouse = new ClassFileImporter().importPackages(WRONG_HOUSE);
        return HouseRules.of(WRONG_HOUSE).stream()
                .map(rule -> dynamicTest(
                        rule.getDescription(),
                        () -> assertTrue(rule.evaluate(wrongHouse).hasViolation(), "nothing found")));
    }
}
