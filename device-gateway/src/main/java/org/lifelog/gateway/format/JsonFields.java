package org.lifelog.gateway.format;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Iterator;
import java.util.Optional;
import java.util.Set;
import org.lifelog.gateway.failure.Problem;

/** The fields of a JSON object in a vendor's format, read strictly. Faults are {@link ItemRefusal}s that name the field. */
public final class JsonFields {
    private final JsonNode object;

    private JsonFields(JsonNode object) {
        this.object = object;
    }

    /**
     * The fields of an object.
     *
     * @param what what it should be, to begin a message with
     * @throws ItemRefusal it is no object
     */
    public static JsonFields of(JsonNode node, String what) {
        if (!node.isObject()) {
            throw new ItemRefusal(Problem.Code.NOT_AN_OBJECT, what + " is an object.");
        }
        return new JsonFields(node);
    }

    /** Whether the field is there. */
    public boolean has(String name) {
        return object.has(name);
    }

    /**
     * Looks whether there are other fields than these.
     *
     * @throws ItemRefusal there are
     */
    public void only(Set<String> names) {
        for (Iterator<String> given = object.fieldNames(); given.hasNext(); ) {
            String name = given.next();
            if (!names.contains(name)) {
                throw new ItemRefusal(
                        Problem.Code.UNKNOWN_FIELD,
                        ReadingFields.printable(name)
                                + " is not taken. Leave it out: the service takes no other data.");
            }
        }
    }

    /** A text, where the field is there. */
    public Optional<String> text(String name) {
        if (!has(name)) {
            return Optional.empty();
        }
        JsonNode node = object.get(name);
        if (!node.isTextual()) {
            throw new ItemRefusal(Problem.Code.WRONG_TYPE, "Field " + name + " is a text.");
        }
        return Optional.of(node.textValue());
    }

    /** A text that must be there. */
    public String requiredText(String name) {
        return text(name).orElseThrow(() -> missing(name));
    }

    /** One of some texts, where the field is there. */
    public Optional<String> oneOf(String name, Set<String> values) {
        Optional<String> text = text(name);
        if (text.isPresent() && !values.contains(text.get())) {
            throw new ItemRefusal(
                    Problem.Code.INVALID_FIELD, "Field " + name + " has a value that the schema does not have.");
        }
        return text;
    }

    /** A finite number that must be there. */
    public double requiredNumber(String name) {
        if (!has(name)) {
            throw missing(name);
        }
        JsonNode node = object.get(name);
        if (!node.isNumber() || !Double.isFinite(node.doubleValue())) {
            throw new ItemRefusal(
                    Problem.Code.NOT_A_NUMBER, "Field " + name + " is a JSON number without quotes, of 64 bits.");
        }
        return node.doubleValue();
    }

    /** An object, where the field is there. */
    public Optional<JsonFields> object(String name) {
        if (!has(name)) {
            return Optional.empty();
        }
        JsonNode node = object.get(name);
        if (!node.isObject()) {
            throw new ItemRefusal(Problem.Code.WRONG_TYPE, "Field " + name + " is an object.");
        }
        return Optional.of(new JsonFields(node));
    }

    /** An object that must be there. */
    public JsonFields requiredObject(String name) {
        return object(name).orElseThrow(() -> missing(name));
    }

    /** The value of a field as it is, or null where it is not there. */
    public JsonNode get(String name) {
        return object.get(name);
    }

    private static ItemRefusal missing(String name) {
        return new ItemRefusal(Problem.Code.MISSING_FIELD, "Field " + name + " is missing.");
    }
}
