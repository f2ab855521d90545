package org.lifelog.gateway.format;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.lifelog.avro.Limit;
import org.lifelog.avro.Reading;
import org.lifelog.contract.Attributes;
import org.lifelog.contract.Catalogue;
import org.lifelog.contract.Metric;
import org.lifelog.gateway.failure.Problem;

/** The fields of one reading in JSON, and their check. For one reading only. */
public final class ReadingFields {
    /** What the fields make. */
    public sealed interface Result {}

    /** A reading in good form. */
    public record Good(Reading reading) implements Result {}

    /** The first thing that is wrong with it. */
    public record Bad(Problem.Code code, String detail) implements Result {}

    private static final Pattern PRINTABLE_NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_-]{0,39}");
    /** Timestamps are kept as microseconds; no device has measured outside of these years. */
    private static final int FIRST_YEAR = 1900;

    private static final int LAST_YEAR = 2200;

    private String subject;
    private String device;
    private String metric;
    private String unit;
    private String time;
    private String end;
    private Double value;
    private Limit limit = Limit.NONE;
    private Long sequence;
    private Map<String, String> attributes = Map.of();
    private Bad bad;

    /** Reads the fields up to the closing brace; goes on after a fault, so that the next reading is found. */
    public void read(JsonParser parser) throws IOException {
        while (parser.currentToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            parser.nextToken();
            switch (name) {
                case "subject" -> subject = text(parser, name);
                case "device" -> device = text(parser, name);
                case "metric" -> metric = text(parser, name);
                case "unit" -> unit = text(parser, name);
                case "time" -> time = text(parser, name);
                case "end" -> end = text(parser, name);
                case "value" -> readValue(parser);
                case "sequence" -> readSequence(parser);
                case "attributes" -> readAttributes(parser);
                default -> {
                    fault(
                            Problem.Code.UNKNOWN_FIELD,
                            (PRINTABLE_NAME.matcher(name).matches() ? "Field " + name : "A field")
                                    + " is not part of a reading. Leave it out: the service takes no other data.");
                    parser.skipChildren();
                }
            }
            parser.nextToken();
        }
    }

    private void fault(Problem.Code code, String detail) {
        if (bad == null) {
            bad = new Bad(code, detail);
        }
    }

    private String text(JsonParser parser, String name) throws IOException {
        if (parser.currentToken() == JsonToken.VALUE_STRING) {
            return parser.getText();
        }
        fault(Problem.Code.WRONG_TYPE, "Field " + name + " is a text.");
        parser.skipChildren();
        return null;
    }

    private void readValue(JsonParser parser) throws IOException {
        switch (parser.currentToken()) {
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> {
                value = Double.valueOf(parser.getText());
                if (value.isInfinite()) {
                    fault(Problem.Code.NOT_A_NUMBER, "Field value is larger than a number of 64 bits can be.");
                }
            }
            case VALUE_STRING -> {
                switch (parser.getText()) {
                    case "LOW" -> limit = Limit.LOW;
                    case "HIGH" -> limit = Limit.HIGH;
                    default ->
                        fault(
                                Problem.Code.NOT_A_NUMBER,
                                "Field value is a JSON number without quotes, or \"LOW\" or \"HIGH\" where the device"
                                        + " has limits.");
                }
                value = Double.NaN;
            }
            default -> {
                fault(Problem.Code.NOT_A_NUMBER, "Field value is a JSON number.");
                parser.skipChildren();
            }
        }
    }

    private void readSequence(JsonParser parser) throws IOException {
        if (parser.currentToken() == JsonToken.VALUE_NUMBER_INT
                && parser.getNumberType() != JsonParser.NumberType.BIG_INTEGER
                && parser.getLongValue() >= 0) {
            sequence = parser.getLongValue();
        } else {
            fault(Problem.Code.WRONG_TYPE, "Field sequence is a whole number of 0 or more.");
            parser.skipChildren();
        }
    }

    private void readAttributes(JsonParser parser) throws IOException {
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            fault(Problem.Code.WRONG_TYPE, "Field attributes is an object of texts.");
            parser.skipChildren();
            return;
        }
        attributes = new TreeMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            parser.nextToken();
            // A whole number may stand without quotes, as in frequency: 1000.
            String text =
                    parser.currentToken() == JsonToken.VALUE_NUMBER_INT ? parser.getText() : text(parser, "attributes");
            if (text != null) {
                attributes.put(name, text);
            }
        }
    }

    /** The reading, or the first thing that is wrong with it. */
    public Result toReading(Catalogue catalogue, Origin origin) {
        if (bad == null && device == null) {
            device = origin.device().orElse(null);
        }
        if (bad == null && subject == null) {
            subject = origin.subject().orElse(null);
        }
        checkPresent();
        checkCodes(origin.device());
        checkMetric(catalogue);
        OffsetDateTime start = parse(time, "time");
        OffsetDateTime stop = end == null ? null : parse(end, "end");
        if (bad != null) {
            return bad;
        }
        Reading reading = new Reading();
        reading.setCenter(origin.sender().center());
        reading.setSubject(subject);
        reading.setDevice(device);
        reading.setVendor(origin.sender().vendor());
        reading.setMetric(metric);
        reading.setAttributes(Attributes.canonical(attributes));
        reading.setValue(value);
        reading.setUnit(unit);
        reading.setLimit(limit);
        reading.setTime(micros(start));
        reading.setEnd(stop == null ? null : micros(stop));
        reading.setOffsetSeconds(start.getOffset().getTotalSeconds());
        reading.setSequence(sequence);
        reading.setReceivedAt(origin.receivedAt());
        reading.setFlags(List.of());
        return new Good(reading);
    }

    private void checkPresent() {
        if (bad != null) {
            return;
        }
        List<String> missing = new ArrayList<>();
        addIfNull(missing, "subject", subject);
        addIfNull(missing, "device", device);
        addIfNull(missing, "metric", metric);
        addIfNull(missing, "value", value);
        addIfNull(missing, "unit", unit);
        addIfNull(missing, "time", time);
        if (!missing.isEmpty()) {
            fault(Problem.Code.MISSING_FIELD, "A reading needs the fields " + String.join(", ", missing) + ".");
        }
    }

    private static void addIfNull(List<String> missing, String name, Object field) {
        if (field == null) {
            missing.add(name);
        }
    }

    private void checkCodes(Optional<String> topicDevice) {
        if (bad != null) {
            return;
        }
        if (!Codes.valid(subject)) {
            fault(Problem.Code.INVALID_CODE, "Field subject is " + Codes.RULE + ".");
        } else if (Codes.nationalId(subject)) {
            fault(
                    Problem.Code.NATIONAL_ID,
                    "Field subject looks like a resident registration number. Send an opaque code of the center.");
        } else if (!Codes.valid(device)) {
            fault(Problem.Code.INVALID_CODE, "Field device is " + Codes.RULE + ".");
        } else if (topicDevice.filter(name -> !name.equals(device)).isPresent()) {
            fault(Problem.Code.DEVICE_MISMATCH, "Field device names another device than the MQTT topic. Leave it out.");
        }
    }

    private void checkMetric(Catalogue catalogue) {
        if (bad != null) {
            return;
        }
        Optional<Metric> known = catalogue.metric(metric);
        if (known.isEmpty()) {
            fault(Problem.Code.UNKNOWN_METRIC, "Field metric is not a code of the metric catalogue.");
        } else if (catalogue.conversion(metric, unit).isEmpty()) {
            fault(
                    Problem.Code.UNIT_NOT_ALLOWED,
                    "Metric " + metric + " is sent in one of the UCUM units " + catalogue.units(metric) + ".");
        } else if (limit != Limit.NONE && !known.get().hasDeviceLimits()) {
            fault(Problem.Code.LIMIT_NOT_ALLOWED, "Metric " + metric + " has no LOW and HIGH.");
        } else {
            known.get().problemWith(attributes).ifPresent(problem -> fault(Problem.Code.INVALID_ATTRIBUTES, problem));
        }
    }

    private OffsetDateTime parse(String text, String name) {
        if (bad != null) {
            return null;
        }
        try {
            OffsetDateTime parsed = OffsetDateTime.parse(text);
            if (parsed.getYear() >= FIRST_YEAR && parsed.getYear() <= LAST_YEAR) {
                return parsed;
            }
        } catch (DateTimeException e) {
            if (isZoneless(text)) {
                fault(
                        Problem.Code.ZONELESS_TIME,
                        "Field " + name + " has no offset from UTC. Add Z or an offset such as +09:00.");
                return null;
            }
        }
        fault(
                Problem.Code.UNPARSEABLE_TIME,
                "Field " + name + " is a time in ISO 8601 such as 2026-11-24T07:31:05+09:00, from " + FIRST_YEAR
                        + " to " + LAST_YEAR + ".");
        return null;
    }

    private static boolean isZoneless(String text) {
        try {
            LocalDateTime.parse(text);
            return true;
        } catch (DateTimeException e) {
            return false;
        }
    }

    private static Instant micros(OffsetDateTime time) {
        return time.toInstant().truncatedTo(ChronoUnit.MICROS);
    }
}
