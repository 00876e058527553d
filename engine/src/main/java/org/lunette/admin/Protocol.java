package org.lunette.admin;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.util.Map;
import java.util.TreeMap;

/** Requests and responses as lines of JSON. */
final class Protocol {
    /** The longest line of a request, in bytes. */
    static final int MAX_REQUEST_BYTES = 64 * 1024;
    /** The longest line of a response, in bytes. */
    static final int MAX_RESPONSE_BYTES = 16 * 1024 * 1024;

    private static final Gson GSON = new GsonBuilder().disableHtmlEscaping().create();
    private static final Gson PRETTY =
            new GsonBuilder().disableHtmlEscaping().setPrettyPrinting().create();

    private static final String VERB = "verb";
    private static final String ARGUMENTS = "arguments";
    private static final String RESULT = "result";
    private static final String ERROR = "error";
    private static final String FORM = "a request is {\"verb\":\"...\",\"arguments\":{\"...\":\"...\"}} on one line";

    /** What is asked for. */
    record Request(String verb, Map<String, String> arguments) {}

    private Protocol() {}

    static String request(Request request) {
        return GSON.toJson(request);
    }

    static Request parseRequest(String line) throws RefusalException {
        try {
            JsonObject object = JsonParser.parseString(line).getAsJsonObject();
            Map<String, String> arguments = new TreeMap<>();
            if (object.has(ARGUMENTS)) {
                object.getAsJsonObject(ARGUMENTS)
                        .entrySet()
                        .forEach(entry ->
                                arguments.put(entry.getKey(), entry.getValue().getAsString()));
            }
            return new Request(object.get(VERB).getAsString(), arguments);
        } catch (RuntimeException e) { // Gson has no common type for a value of another kind than was asked for
            throw new RefusalException(FORM, e);
        }
    }

    static String result(Object result) {
        JsonObject response = new JsonObject();
        response.add(RESULT, GSON.toJsonTree(result));
        return GSON.toJson(response);
    }

    static String error(String message) {
        JsonObject response = new JsonObject();
        response.addProperty(ERROR, message);
        return GSON.toJson(response);
    }

    static AdminResult parseResponse(String line) throws RefusalException {
        JsonElement response;
        try {
            response = JsonParser.parseString(line);
        } catch (JsonParseException e) {
            throw new RefusalException("the server's answer is not of this protocol", e);
        }
        if (!response.isJsonObject()) {
            throw new RefusalException("the server's answer is not of this protocol");
        }
        JsonElement error = response.getAsJsonObject().get(ERROR);
        if (error != null) {
            throw new RefusalException(error.getAsString());
        }
        JsonElement result = response.getAsJsonObject().get(RESULT);
        return new AdminResult(PRETTY.toJson(result), GSON.fromJson(result, Object.class));
    }
}
