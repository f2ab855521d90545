package org.lifelog.gateway.format;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import java.io.CharConversionException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.lifelog.avro.Reading;
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

    private static final JsonFactory JSON = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(MOST_DEPTH)
                    .maxStringLength(LONGEST_TEXT)
                    .maxNameLength(LONGEST_TEXT)
                    .maxNumberLength(LONGEST_NUMBER)
                    .build())
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .build();

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
        List<Reading> readings = new ArrayList<>();
        List<Decoded.Refused> refused = new ArrayList<>();
        try (JsonParser parser = JSON.createParser(body)) {
            Items items = new Items(parser, body, origin, readings, refused);
            JsonToken token = parser.nextToken();
            while (token != null) {
                items.root();
                token = parser.nextToken();
                if (token != null && !lines) {
                    throw new Refusal(
                            Failure.MALFORMED,
                            "There is more than one JSON value. Send {\"readings\": [...]}, or lines with the content"
                                    + " type application/x-ndjson.");
                }
            }
        } catch (StreamConstraintsException e) {
            throw new Refusal(
                    Failure.TOO_LARGE,
                    "The JSON is deeper than " + MOST_DEPTH + " levels, or has a text longer than " + LONGEST_TEXT
                            + " or a number longer than " + LONGEST_NUMBER + " characters, near " + place(e) + ".",
                    e);
        } catch (JacksonException e) {
            throw new Refusal(Failure.MALFORMED, "This is not JSON: it cannot be parsed near " + place(e) + ".", e);
        } catch (CharConversionException e) {
            throw notUtf8();
        } catch (IOException e) {
            throw new IllegalStateException("reading from memory failed", e);
        }
        if (readings.isEmpty() && refused.isEmpty()) {
            throw new Refusal(Failure.EMPTY_BATCH, "There is no reading in it.");
        }
        return new Decoded(readings, refused);
    }

    private static Refusal notUtf8() {
        return new Refusal(Failure.MALFORMED, "The JSON is not in UTF-8.");
    }

    /** Jackson's own message would quote the text. */
    private static String place(JacksonException e) {
        JsonLocation location = e.getLocation();
        return location == null ? "its end" : "line " + location.getLineNr() + ", column " + location.getColumnNr();
    }

    /** The items of one message. */
    private final class Items {
        private final JsonParser parser;
        private final byte[] body;
        private final Origin origin;
        private final List<Reading> readings;
        private final List<Decoded.Refused> refused;

        Items(JsonParser parser, byte[] body, Origin origin, List<Reading> readings, List<Decoded.Refused> refused) {
            this.parser = parser;
            this.body = body;
            this.origin = origin;
            this.readings = readings;
            this.refused = refused;
        }

        /** At the first token of a value: a reading, or an object that holds nothing but the array of readings. */
        void root() throws IOException {
            // Jackson recognises UTF-16 and UTF-32 by itself, but has no offsets in bytes then.
            if (parser.currentTokenLocation().getByteOffset() < 0) {
                throw notUtf8();
            }
            if (parser.currentToken() != JsonToken.START_OBJECT) {
                throw new Refusal(Failure.MALFORMED, "A message is an object: a reading, or {\"readings\": [...]}.");
            }
            long start = parser.currentTokenLocation().getByteOffset();
            if (parser.nextToken() == JsonToken.FIELD_NAME
                    && parser.currentName().equals("readings")) {
                batch();
            } else {
                checkCount();
                item(start);
            }
        }

        private void batch() throws IOException {
            if (parser.nextToken() != JsonToken.START_ARRAY) {
                throw new Refusal(Failure.MALFORMED, "\"readings\" is an array.");
            }
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                checkCount();
                long start = parser.currentTokenLocation().getByteOffset();
                if (parser.currentToken() == JsonToken.START_OBJECT) {
                    parser.nextToken();
                    item(start);
                } else {
                    parser.skipChildren();
                    // Jackson reads texts only when asked for, and stands at their beginning until then.
                    parser.finishToken();
                    refuse(Problem.Code.NOT_AN_OBJECT, "A reading is an object.", start);
                }
            }
            if (parser.nextToken() != JsonToken.END_OBJECT) {
                throw new Refusal(Failure.MALFORMED, "Beside \"readings\" there is no other field.");
            }
        }

        private void checkCount() {
            if (readings.size() + refused.size() == MOST_READINGS) {
                throw new Refusal(
                        Failure.TOO_LARGE, "There are more than " + MOST_READINGS + " readings. Send smaller batches.");
            }
        }

        /** At the first token within the object of a reading; ends at its closing brace. */
        private void item(long start) throws IOException {
            ReadingFields fields = new ReadingFields();
            fields.read(parser);
            ReadingFields.Result result = fields.toReading(catalogue, origin);
            if (result instanceof ReadingFields.Good good) {
                readings.add(good.reading());
            } else if (result instanceof ReadingFields.Bad bad) {
                refuse(bad.code(), bad.detail(), start);
            }
        }

        private void refuse(Problem.Code code, String detail, long start) {
            long end = parser.currentLocation().getByteOffset();
            refused.add(new Decoded.Refused(
                    new Problem(readings.size() + refused.size(), code, detail),
                    Arrays.copyOfRange(body, (int) start, (int) end)));
        }
    }
}
