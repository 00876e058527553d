package org.lunette.scsi;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Runs tests of commands by a {@link Path}: the classes nested in the one that registers this extend the tests. Leaves
 * those tests out that it is told to, each with the reason.
 */
public final class ByPath implements BeforeAllCallback, AfterAllCallback, AfterEachCallback, ExecutionCondition {
    private final Path path;
    private final Map<String, String> leftOut = new HashMap<>();

    public ByPath(Path path) {
        this.path = path;
        OnlyInProcess.leaveOut(this);
    }

    /** Leaves tests of a class out. */
    public ByPath leavingOut(String why, Class<?> tests, String... methods) {
        for (String method : methods) {
            if (Arrays.stream(tests.getDeclaredMethods())
                    .noneMatch(declared -> declared.getName().equals(method))) {
                throw new IllegalArgumentException(tests.getSimpleName() + " has no test " + method);
            }
            leftOut.put(name(tests, method), why);
        }
        return this;
    }

    private static String name(Class<?> tests, String method) {
        return tests.getName() + "." + method;
    }

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        String why = context.getTestMethod()
                .map(method -> leftOut.get(name(method.getDeclaringClass(), method.getName())))
                .orElse(null);
        return why == null ? ConditionEvaluationResult.enabled("") : ConditionEvaluationResult.disabled(why);
    }

    /** Before the tests are made: their fields hold initiators. */
    @Override
    public void beforeAll(ExtensionContext context) {
        Initiator.reachBy(path);
    }

    @Override
    public void afterAll(ExtensionContext context) {
        Initiator.reachBy(Path.IN_PROCESS);
    }

    @Override
    public void afterEach(ExtensionContext context) {
        if (context.getExecutionException()
                .filter(e -> !(e instanceof NotCarried))
                .isPresent()) {
            System.out.println(context.getDisplayName() + ": seed " + Seed.OF_THIS_RUN);
        }
        path.close();
    }
}
