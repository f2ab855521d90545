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
import org.lifelog.gateway.failure.Failure;
import org.lifelog.gateway.failure.Refusal;

/** Reads bodies in JSON within bounds: UTF-8, no name twice in an object, nothing too deep or too long. */
public final class JsonBody {
    private final int depth;
    private final int textLength;
    private final int numberLength;
    private final JsonFactory json;

    /**
     * A reader with bounds.
     *
     * @param depth most levels of objects and arrays
     * @param textLength longest text and name, in characters
     * @param numberLength longest number, in characters
     */
    public JsonBody(int depth, int textLength, int numberLength) {
        this.depth = depth;
        this.textLength = textLength;
        this.numberLength = numberLength;
        this.json = JsonFactory.builder()
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(depth)
                        .maxStringLength(textLength)
                        .maxNameLength(textLength)
                        .maxNumberLength(numberLength)
                        .build())
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
                .build();
    }

    /** What is done with the parser of a body. */
    public interface Work {
        /** Reads from the parser; {@link IOException}s of Jackson become refusals. */
        void read(JsonParser parser) throws IOException;
    }

    /**
     * Reads a body; the parser stands before its first token.
     *
     * @throws Refusal malformed or too large
     */
    public void read(byte[] body, Work work) {
        try (JsonParser parser = json.createParser(body)) {
            work.read(parser);
        } catch (StreamConstraintsException e) {
            throw new Refusal(
                    Failure.TOO_LARGE,
                    "The JSON is deeper than " + depth + " levels, or has a text longer than " + textLength
                            + " or a number longer than " + numberLength + " characters, near " + place(e) + ".",
                    e);
        } catch (JacksonException e) {
            throw new Refusal(Failure.MALFORMED, "This is not JSON: it cannot be parsed near " + place(e) + ".", e);
        } catch (CharConversionException e) {
            throw notUtf8();
        } catch (IOException e) {
            throw new IllegalStateException("reading from memory failed", e);
        }
    }

    /**
     * Reads a body of one JSON value; the parser stands at its first token, and must be left at its last one.
     *
     * @throws Refusal malformed, empty or too large
     */
    public void readOne(byte[] body, Work work) {
        read(body, parser -> {
            if (parser.nextToken() == null) {
                throw new Refusal(Failure.EMPTY_BATCH, "The body is empty.");
            }
            requireUtf8(parser);
            work.read(parser);
            if (parser.nextToken() != null) {
                throw new Refusal(Failure.MALFORMED, "There is more than one JSON value.");
            }
        });
    }

    /** Jackson recognises UTF-16 and UTF-32 by itself, but has no offsets in bytes then. */
    static void requireUtf8(JsonParser parser) {
        if (start(parser) < 0) {
            throw notUtf8();
        }
    }

    /** Where the current token begins, in bytes. */
    public static int start(JsonParser parser) {
        return (int) parser.currentTokenLocation().getByteOffset();
    }

    /** Where the current token ends, in bytes; its value has been read, or is skipped now. */
    public static int end(JsonParser parser) throws IOException {
        // Jackson reads texts only when asked for, and stands at their beginning until then.
        parser.finishToken();
        return (int) parser.currentLocation().getByteOffset();
    }

    /** Looks at the texts and numbers that are skipped. */
    public interface ScalarCheck {
        /** At a text or a number. */
        void scalar(JsonParser parser) throws IOException;
    }

    /** Goes to the end of the current value, and takes every text and number in it, so that the bounds hold there too. */
    public static void skip(JsonParser parser, ScalarCheck check) throws IOException {
        int open = 0;
        JsonToken token = parser.currentToken();
        while (token != null) {
            if (token.isStructStart()) {
                open++;
            } else if (token.isStructEnd()) {
                open--;
            } else if (token.isNumeric() || token == JsonToken.VALUE_STRING) {
                // Its length is checked only when it is taken.
                parser.getText();
                check.scalar(parser);
            }
            if (open == 0) {
                return;
            }
            token = parser.nextToken();
        }
    }

    static Refusal notUtf8() {
        return new Refusal(Failure.MALFORMED, "The JSON is not in UTF-8.");
    }

    /** Jackson's own message would quote the text. */
    private static String place(JacksonException e) {
        JsonLocation location = e.getLocation();
        return location == null ? "its end" : "line " + location.getLineNr() + ", column " + location.getColumnNr();
    }
}
