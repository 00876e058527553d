package org.lunette.it.arch;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.conditions.ArchConditions.accessField;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.lang.ArchRule;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * The import rule, for a house below some root package. Packages that do not exist yet do no harm; a package that has
 * no floor does.
 */
final class HouseRules {

    /** From the ground up; a class may import from its own floor and from those below. */
    private static final List<List<String>> FLOORS = List.of(
            List.of("command", "config", "metrics", "bridge", "admin"),
            List.of("store", "filter", "ring"),
            List.of("scsi", "frontend"),
            List.of("app"),
            List.of("cli"));

    private final String root;
    private final List<ArchRule> rules = new ArrayList<>();

    private HouseRules(String root) {
        this.root = root;
    }

    /**
     * All rules for the house below {@code root}, each with a description that says what is wrong where it is broken.
     */
    static List<ArchRule> of(String root) {
        HouseRules house = new HouseRules(root);
        house.floors();
        house.neighbours();
        house.waists();
        house.technologies();
        house.shape();
        return house.rules;
    }

    private void floors() {
        for (int floor = 0; floor < FLOORS.size() - 1; floor++) {
            String[] above =
                    below(FLOORS.subList(floor + 1, FLOORS.size()).stream().flatMap(List::stream));
            add(noClasses()
                    .that()
                    .resideInAnyPackage(below(FLOORS.get(floor).stream()))
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(above)
                    .as("imports go downwards: " + FLOORS.get(floor) + " import nothing from the floors above"));
        }
        String[] known = below(FLOORS.stream().flatMap(List::stream));
        add(classes()
                .that()
                .resideInAPackage(root + "..")
                .should()
                .resideInAnyPackage(known)
                .as("every package has its floor in the house"));
    }

    private void neighbours() {
        apart("scsi", "frontend");
        apart("frontend", "scsi", "store");
        apart("store", "filter", "ring");
        apart("filter", "store", "ring");
        apart("ring", "store", "filter");
        apart("bridge", "command", "config", "metrics");
        apart("admin", "command", "config", "metrics");
        apart("scsi", "ring");
        apart("frontend.iscsi.chap", "frontend.iscsi.pdu", "frontend.iscsi.session", "frontend.iscsi.portal");
        apart("frontend.iscsi.pdu", "frontend.iscsi.chap", "frontend.iscsi.session", "frontend.iscsi.portal");
        apart("frontend.iscsi.session", "frontend.iscsi.portal");
        for (String family : List.of("frontend", "store", "filter")) {
            add(slices().matching(root + "." + family + ".(*)..")
                    .should()
                    .notDependOnEachOther()
                    .as("what lies beside each other in " + family + " does not know each other"));
        }
    }

    private void waists() {
        for (String waist : List.of("store", "filter")) {
            add(noClasses()
                    .that(resideInAPackage(root + "." + waist))
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage(root + "." + waist + ".*..")
                    .as("the contract " + waist + " knows none of those who keep it"));
            add(noClasses()
                    .that(not(resideInAnyPackage(below(Stream.of("app", waist)))))
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage(root + "." + waist + ".*..")
                    .as("only app knows the kinds of " + waist));
        }
        apart("cli", "scsi", "frontend", "ring", "bridge");
    }

    private void technologies() {
        home("com.sun.jna..", "bridge.libc");
        home("com.lmax.disruptor..", "ring");
        home("io.netty..", "frontend.iscsi.portal");
        home("picocli..", "cli");
        home("com.google.gson..", "admin");
        home("net.openhft..", "bridge.memory", "store.ram");
        add(noClasses()
                .that(not(resideInAnyPackage(below(Stream.of("cli")))))
                .should(accessField(System.class, "out"))
                .orShould(accessField(System.class, "err"))
                .as("only cli prints; everything else logs"));
    }

    private void shape() {
        add(slices().matching(root + ".(**)").should().beFreeOfCycles().as("packages form no circle"));
    }

    private void apart(String one, String... others) {
        add(noClasses()
                .that()
                .resideInAPackage(root + "." + one + "..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(below(Arrays.stream(others)))
                .as(one + " imports nothing from " + String.join(", ", others)));
    }

    private void home(String technology, String... homes) {
        add(noClasses()
                .that(not(resideInAnyPackage(below(Arrays.stream(homes)))))
                .should()
                .dependOnClassesThat()
                .resideInAPackage(technology)
                .as(technology + " is used in " + String.join(", ", homes) + " only"));
    }

    private String[] below(Stream<String> packages) {
        return packages.map(name -> root + "." + name + "..").toArray(String[]::new);
    }

    private void add(ArchRule rule) {
        rules.add(rule.allowEmptyShould(true));
    }
}
