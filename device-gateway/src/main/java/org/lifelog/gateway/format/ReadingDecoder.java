package org.lifelog.gateway.format;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.List;
import org.lifelog.contract.Catalogue;
import org.lifelog.gateway.failure.Failure;
import org.lifelog.gateway.failure.Problem;
import org.lifelog.gateway.failure.Refusal;

/**
 * Decodes the JSON of the readings call: one reading, {@code {"readings": [...]}}, or lines of readings. Item by item: a
 * reading that is not in order is refused by itself, and only what is no JSON at all is refused as a whole.
 */
public final class ReadingDecoder {
    /** Most readings in one message. */
    public static final int MOST_READINGS = 10_000;

    private static final int MOST_DEPTH = 8;
    private static final int LONGEST_TEXT = 1_024;
    private static final int LONGEST_NUMBER = 64;

    private static final JsonBody JSON = new JsonBody(MOST_DEPTH, LONGEST_TEXT, LONGEST_NUMBER);

    private final Catalogue catalogue;

    public ReadingDecoder(Catalogue catalogue) {
        this.catalogue = catalogue;
    }

    /** One JSON value: a reading, or the object with the array of them. */
    public Format json() {
        return (body, origin) -> decode(body, false, origin);
    }

    /** JSON values one after the other, mostly one a line. */
    public Format lines() {
        return (body, origin) -> decode(body, true, origin);
    }

    /**
     * Decodes a message.
     *
     * @param lines whether it may hold several values one after the other
     * @throws Refusal malformed, empty or too large as a whole
     */
    private Decoded decode(byte[] body, boolean lines, Origin origin) {
        Items items = new Items(catalogue, origin, body);
        JSON.read(body, parser -> {
            JsonToken token = parser.nextToken();
            while (token != null) {
                root(parser, items);
                token = parser.nextToken();
                if (token != null && !lines) {
                    throw new Refusal(
                            Failure.MALFORMED,
                            "There is more than one JSON value. Send {\"readings\": [...]}, or lines with the content"
                                    + " type application/x-ndjson.");
                }
            }
        });
        return items.decoded();
    }

    /** At the first token of a value: a reading, or an object that holds nothing but the array of readings. */
    private static void root(JsonParser parser, Items items) throws IOException {
        JsonBody.requireUtf8(parser);
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            throw new Refusal(Failure.MALFORMED, "A message is an object: a reading, or {\"readings\": [...]}.");
        }
        int start = JsonBody.start(parser);
        if (parser.nextToken() == JsonToken.FIELD_NAME && parser.currentName().equals("readings")) {
            batch(parser, items);
        } else {
            item(parser, items, start);
        }
    }

    private static void batch(JsonParser parser, Items items) throws IOException {
        if (parser.nextToken() != JsonToken.START_ARRAY) {
            throw new Refusal(Failure.MALFORMED, "\"readings\" is an array.");
        }
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            items.checkCount();
            int start = JsonBody.start(parser);
            if (parser.currentToken() == JsonToken.START_OBJECT) {
                parser.nextToken();
                item(parser, items, start);
            } else {
                parser.skipChildren();
                items.add(start, JsonBody.end(parser), () -> {
                    throw new ItemRefusal(Problem.Code.NOT_AN_OBJECT, "A reading is an object.");
                });
            }
        }
        if (parser.nextToken() != JsonToken.END_OBJECT) {
            throw new Refusal(Failure.MALFORMED, "Beside \"readings\" there is no other field.");
        }
    }

    /** At the first token within the object of a reading; ends at its closing brace. */
    private static void item(JsonParser parser, Items items, int start) throws IOException {
        items.checkCount();
        ReadingForm form = ReadingFields.read(parser);
        items.add(start, JsonBody.end(parser), () -> List.of(form));
    }
}
