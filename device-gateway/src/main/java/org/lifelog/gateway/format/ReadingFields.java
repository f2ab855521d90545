package org.lifelog.gateway.format;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.regex.Pattern;
import org.lifelog.avro.Limit;
import org.lifelog.avro.ReadingStatus;
import org.lifelog.gateway.failure.Problem;

/** Reads the fields of one reading in JSON. */
public final class ReadingFields {
    private static final Pattern PRINTABLE_NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_-]{0,39}");

    private final JsonParser parser;
    private final ReadingForm form = new ReadingForm();

    private ReadingFields(JsonParser parser) {
        this.parser = parser;
    }

    /**
     * Reads the fields up to the closing brace; goes on after a fault, so that the next reading is found.
     *
     * @param parser at the first token within the object
     */
    public static ReadingForm read(JsonParser parser) throws IOException {
        ReadingFields fields = new ReadingFields(parser);
        while (parser.currentToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            parser.nextToken();
            fields.readField(name);
            parser.nextToken();
        }
        return fields.form;
    }

    /** What an unknown field is called in a message: by its name where that can be no value. */
    public static String printable(String name) {
        return PRINTABLE_NAME.matcher(name).matches() ? "Field " + name : "A field";
    }

    private void readField(String name) throws IOException {
        switch (name) {
            case "subject" -> form.subject(text(name));
            case "device" -> form.device(text(name));
            case "metric" -> form.metric(text(name));
            case "unit" -> form.unit(text(name));
            case "time" -> form.time(text(name));
            case "end" -> form.end(text(name));
            case "value" -> readValue();
            case "sequence" -> readSequence();
            case "attributes" -> readAttributes();
            case "status" -> readStatus();
            case "reported" -> readReported();
            default -> {
                form.fault(
                        Problem.Code.UNKNOWN_FIELD,
                        printable(name) + " is not part of a reading. Leave it out: the service takes no other data.");
                parser.skipChildren();
            }
        }
    }

    private String text(String name) throws IOException {
        if (parser.currentToken() == JsonToken.VALUE_STRING) {
            return parser.getText();
        }
        form.fault(Problem.Code.WRONG_TYPE, "Field " + name + " is a text.");
        parser.skipChildren();
        return null;
    }

    private void readValue() throws IOException {
        switch (parser.currentToken()) {
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> form.value(Double.parseDouble(parser.getText()));
            case VALUE_STRING -> {
                switch (parser.getText()) {
                    case "LOW" -> form.limit(Limit.LOW);
                    case "HIGH" -> form.limit(Limit.HIGH);
                    default ->
                        form.fault(
                                Problem.Code.NOT_A_NUMBER,
                                "Field value is a JSON number without quotes, or \"LOW\" or \"HIGH\" where the device"
                                        + " has limits.");
                }
            }
            default -> {
                form.fault(Problem.Code.NOT_A_NUMBER, "Field value is a JSON number.");
                parser.skipChildren();
            }
        }
    }

    private void readSequence() throws IOException {
        if (parser.currentToken() == JsonToken.VALUE_NUMBER_INT
                && parser.getNumberType() != JsonParser.NumberType.BIG_INTEGER
                && parser.getLongValue() >= 0) {
            form.sequence(parser.getLongValue());
        } else {
            form.fault(Problem.Code.WRONG_TYPE, "Field sequence is a whole number of 0 or more.");
            parser.skipChildren();
        }
    }

    private void readStatus() throws IOException {
        String status = text("status");
        if (status != null) {
            switch (status) {
                case "final" -> form.status(ReadingStatus.FINAL);
                case "corrected" -> form.status(ReadingStatus.CORRECTED);
                case "withdrawn" -> form.status(ReadingStatus.WITHDRAWN);
                default ->
                    form.fault(Problem.Code.INVALID_STATUS, "Field status is one of final, corrected, withdrawn.");
            }
        }
    }

    private void readReported() throws IOException {
        if (parser.currentToken() != JsonToken.START_ARRAY) {
            form.fault(Problem.Code.WRONG_TYPE, "Field reported is an array of texts.");
            parser.skipChildren();
            return;
        }
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            String code = text("reported");
            if (code != null && !form.reported(code)) {
                form.fault(
                        Problem.Code.INVALID_FIELD,
                        "Field reported takes " + String.join(", ", ReadingForm.REPORTED) + ".");
            }
        }
    }

    private void readAttributes() throws IOException {
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            form.fault(Problem.Code.WRONG_TYPE, "Field attributes is an object of texts.");
            parser.skipChildren();
            return;
        }
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            parser.nextToken();
            // A whole number may stand without quotes, as in frequency: 1000.
            String text = parser.currentToken() == JsonToken.VALUE_NUMBER_INT ? parser.getText() : text("attributes");
            if (text != null) {
                form.attribute(name, text);
            }
        }
    }
}
