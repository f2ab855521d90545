package org.lifelog.gateway.format.openmhealth;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.Optional;
import org.lifelog.contract.Catalogue;
import org.lifelog.gateway.failure.Failure;
import org.lifelog.gateway.failure.Refusal;
import org.lifelog.gateway.format.Decoded;
import org.lifelog.gateway.format.Format;
import org.lifelog.gateway.format.Items;
import org.lifelog.gateway.format.JsonBody;
import org.lifelog.gateway.format.Origin;

/**
 * Open mHealth and IEEE 1752.1: one data point, an array of them, or {@code {"data_points": [...]}}; a data point is
 * {@code {"header": ..., "body": ...}}, or its body alone where the request names the schema. The answer is the plain
 * receipt. Safe for use by many threads.
 */
public final class OpenMHealthFormat {
    private static final int MOST_DEPTH = 12;
    private static final int LONGEST_TEXT = 1_024;
    private static final int LONGEST_NUMBER = 64;
    private static final JsonBody JSON = new JsonBody(MOST_DEPTH, LONGEST_TEXT, LONGEST_NUMBER);
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final String DATA_POINTS = "data_points";

    private final Catalogue catalogue;

    public OpenMHealthFormat(Catalogue catalogue) {
        this.catalogue = catalogue;
    }

    /**
     * The format of one request.
     *
     * @param schema name of the schema of bodies that come without a header, such as {@code blood-glucose}; what a header
     *     says goes before it
     */
    public Format of(Optional<String> schema) {
        return (body, origin) -> decode(body, origin, schema);
    }

    private Decoded decode(byte[] body, Origin origin, Optional<String> schema) {
        Items items = new Items(catalogue, origin, body);
        DataPoint point = new DataPoint(schema, origin);
        JSON.readOne(body, parser -> {
            int start = JsonBody.start(parser);
            switch (parser.currentToken()) {
                case START_ARRAY -> array(parser, items, point);
                case START_OBJECT -> object(parser, items, point, start);
                default -> throw new Refusal(Failure.MALFORMED, "The body is a data point or an array of data points.");
            }
        });
        return items.decoded();
    }

    private static void object(JsonParser parser, Items items, DataPoint point, int start) throws IOException {
        if (parser.nextToken() == JsonToken.FIELD_NAME && parser.currentName().equals(DATA_POINTS)) {
            if (parser.nextToken() != JsonToken.START_ARRAY) {
                throw new Refusal(Failure.MALFORMED, "\"data_points\" is an array.");
            }
            array(parser, items, point);
            if (parser.nextToken() != JsonToken.END_OBJECT) {
                throw new Refusal(Failure.MALFORMED, "Beside \"data_points\" there is no other field.");
            }
        } else {
            add(parser, items, point, start);
        }
    }

    private static void array(JsonParser parser, Items items, DataPoint point) throws IOException {
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            items.checkCount();
            add(parser, items, point, JsonBody.start(parser));
        }
    }

    /** At the first token of a value, or within an object at its first field or its end. */
    private static void add(JsonParser parser, Items items, DataPoint point, int start) throws IOException {
        JsonNode node =
                parser.currentToken() == JsonToken.END_OBJECT ? MAPPER.createObjectNode() : MAPPER.readTree(parser);
        items.add(start, JsonBody.end(parser), () -> point.map(node));
    }
}
