package org.lunette.app;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.lunette.admin.RefusalException;
import org.lunette.admin.RequestHandler;

/** Gives each request to its verb. */
final class Verbs implements RequestHandler {
    private final Map<String, Verb> verbs = new TreeMap<>();

    Verbs(List<Verb> all) {
        all.forEach(verb -> verbs.put(verb.name(), verb));
    }

    @Override
    public Object handle(String name, Map<String, String> arguments) throws RefusalException {
        Verb verb = verbs.get(name);
        if (verb == null) {
            throw new RefusalException("this server knows no '" + name + "'; it knows " + verbs.keySet());
        }
        for (String argument : arguments.keySet()) {
            if (!verb.arguments().contains(argument)) {
                throw new RefusalException(
                        "'" + name + "' takes no '" + argument + "'; it takes " + new TreeSet<>(verb.arguments()));
            }
        }
        return verb.perform(arguments);
    }

    /** The value of an argument that must be there. */
    static String required(Map<String, String> arguments, String name) throws RefusalException {
        String value = arguments.get(name);
        if (value == null) {
            throw new RefusalException("the argument '" + name + "' is missing");
        }
        return value;
    }

    /** The unit of a device's name. */
    static Unit unit(List<Unit> units, String name) throws RefusalException {
        List<String> names = units.stream().map(unit -> unit.unit().name()).toList();
        int index = names.indexOf(name);
        if (index < 0) {
            throw new RefusalException("there is no device '" + name + "'; there are " + names);
        }
        return units.get(index);
    }
}
