package org.lifelog.gateway.format;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.lifelog.avro.Reading;
import org.lifelog.gateway.failure.Failure;
import org.lifelog.gateway.failure.Problem;
import org.lifelog.gateway.failure.Refusal;

/**
 * NDJSON that comes in parts, each decoded as soon as it is there. Every line stands alone: one that is no JSON is refused
 * by itself, and the next one is looked at. For one request only, and one part at a time.
 */
public final class Lines {
    private static final byte[] NOTHING = new byte[0];

    private final Format json;
    private byte[] rest = NOTHING;
    private int items;

    /**
     * Lines of a format.
     *
     * @param json decodes one line
     */
    public Lines(Format json) {
        this.json = json;
    }

    /** Decodes the next part up to its last line break; what is left belongs to the part that follows. */
    public Format part() {
        return (body, origin) -> decode(body, origin, false);
    }

    /**
     * Decodes the last part.
     *
     * <p>Fails with a {@link Refusal}, empty-batch, where no part had a reading.
     */
    public Format lastPart() {
        return (body, origin) -> decode(body, origin, true);
    }

    private Decoded decode(byte[] body, Origin origin, boolean last) {
        byte[] bytes = rest.length == 0 ? body : joined(rest, body);
        List<Reading> readings = new ArrayList<>();
        List<Decoded.Refused> refused = new ArrayList<>();
        int from = 0;
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] == '\n') {
                line(Arrays.copyOfRange(bytes, from, i), origin, readings, refused);
                from = i + 1;
            }
        }
        rest = from == bytes.length ? NOTHING : Arrays.copyOfRange(bytes, from, bytes.length);
        if (last) {
            line(rest, origin, readings, refused);
            if (items == 0) {
                throw new Refusal(Failure.EMPTY_BATCH, "There is no reading in it.");
            }
        }
        return new Decoded(readings, refused);
    }

    private static byte[] joined(byte[] first, byte[] second) {
        byte[] all = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, all, first.length, second.length);
        return all;
    }

    private void line(byte[] line, Origin origin, List<Reading> readings, List<Decoded.Refused> refused) {
        if (blank(line)) {
            return;
        }
        Decoded decoded;
        try {
            decoded = json.decode(line, origin);
        } catch (Refusal e) {
            decoded = new Decoded(
                    List.of(),
                    List.of(new Decoded.Refused(new Problem(0, Problem.Code.MALFORMED, e.getMessage()), line)));
        }
        readings.addAll(decoded.readings());
        for (Decoded.Refused one : decoded.refused()) {
            Problem problem = one.problem();
            refused.add(new Decoded.Refused(
                    new Problem(items + problem.index(), problem.code(), problem.detail()), one.raw()));
        }
        items += decoded.readings().size() + decoded.refused().size();
        if (items > ReadingDecoder.MOST_READINGS) {
            throw new Refusal(
                    Failure.TOO_LARGE,
                    "There are more than " + ReadingDecoder.MOST_READINGS + " readings. Send smaller batches.");
        }
    }

    private static boolean blank(byte[] line) {
        for (byte b : line) {
            if (b != ' ' && b != '\t' && b != '\r') {
                return false;
            }
        }
        return true;
    }
}
