package org.lifelog.gateway.format.nightscout;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.lifelog.avro.Limit;
import org.lifelog.gateway.failure.Problem;
import org.lifelog.gateway.format.Codes;
import org.lifelog.gateway.format.ItemRefusal;
import org.lifelog.gateway.format.JsonFields;
import org.lifelog.gateway.format.Origin;
import org.lifelog.gateway.format.ReadingForm;

/** Brings one entry into the common form. Values are in mg/dL, whatever the account shows. */
final class Entry {
    /** What uploaders send beside; of these only the type, the value, the date, the offset and the device are taken. */
    private static final Set<String> FIELDS = Set.of(
            "_id",
            "identifier",
            "type",
            "sgv",
            "mbg",
            "units",
            "date",
            "mills",
            "dateString",
            "sysTime",
            "utcOffset",
            "device",
            "app",
            "direction",
            "trend",
            "trendRate",
            "delta",
            "noise",
            "filtered",
            "unfiltered",
            "rssi",
            "created_at",
            "srvCreated",
            "srvModified",
            "isValid",
            "isReadOnly");

    private static final Set<String> MILLIGRAMS = Set.of("mg/dl", "mg/dL", "mg");
    /** The sensor's own range; what lies outside comes as one of these two. */
    private static final double LOW = 39;

    private static final double HIGH = 401;

    private static final Pattern DECIMAL = Pattern.compile("(0|[1-9]\\d{0,3})(\\.\\d{1,9})?");
    /** In milliseconds: 1973. In seconds it would be the year 5138. */
    private static final double FIRST_MILLISECONDS = 1e11;
    /** 2001-01-01, before any uploader. */
    private static final long FIRST_DATE = 978_307_200_000L;
    /** The end of the year 2200. */
    private static final long LAST_DATE = 7_289_654_399_999L;

    private static final int MOST_OFFSET_MINUTES = 18 * 60;

    private Entry() {}

    /**
     * The reading of an entry.
     *
     * @throws ItemRefusal it cannot be mapped
     */
    static List<ReadingForm> map(JsonNode node, Origin origin) {
        JsonFields entry = JsonFields.of(withoutNulls(node), "An entry");
        String type = entry.requiredText("type");
        if (!type.equals("sgv") && !type.equals("mbg")) {
            throw new ItemRefusal(
                    Problem.Code.UNSUPPORTED_CODE, "Entries of the types sgv and mbg are taken, no others.");
        }
        entry.only(FIELDS);
        entry.text("units").filter(units -> !MILLIGRAMS.contains(units)).ifPresent(units -> {
            throw new ItemRefusal(
                    Problem.Code.UNIT_NOT_ALLOWED,
                    "Entries are in mg/dL, whatever the account shows. Send no other units.");
        });
        ReadingForm form = new ReadingForm()
                .metric(type.equals("sgv") ? "glucose_cgm" : "glucose_smbg")
                .unit("mg/dL");
        readValue(form, entry, type);
        readTime(form, entry);
        if (origin.device().isEmpty()) {
            entry.text("device").flatMap(Codes::ofName).ifPresent(form::device);
        }
        return List.of(form);
    }

    private static JsonNode withoutNulls(JsonNode node) {
        if (node instanceof ObjectNode object) {
            object.properties().removeIf(field -> field.getValue().isNull());
        }
        return node;
    }

    private static void readValue(ReadingForm form, JsonFields entry, String type) {
        double value = number(entry, type);
        if (type.equals("sgv") && value < LOW) {
            throw new ItemRefusal(
                    Problem.Code.ERROR_CODE, "An sgv below 39 is an error code of the sensor, not a value.");
        }
        if (type.equals("sgv") && value == LOW) {
            form.limit(Limit.LOW);
        } else if (type.equals("sgv") && value == HIGH) {
            form.limit(Limit.HIGH);
        } else {
            form.value(value);
        }
    }

    /** Some uploaders send the value as a text. */
    private static double number(JsonFields entry, String name) {
        if (entry.has(name) && entry.get(name).isTextual()) {
            String text = entry.get(name).textValue();
            if (!DECIMAL.matcher(text).matches()) {
                throw new ItemRefusal(Problem.Code.NOT_A_NUMBER, "Field " + name + " is a decimal number in mg/dL.");
            }
            return Double.parseDouble(text);
        }
        return entry.requiredNumber(name);
    }

    private static void readTime(ReadingForm form, JsonFields entry) {
        double date = entry.requiredNumber("date");
        if (Math.abs(date) < FIRST_MILLISECONDS) {
            throw time("Field date is in milliseconds since 1970; this looks like seconds.");
        }
        if (date != Math.rint(date) || date < FIRST_DATE || date > LAST_DATE) {
            throw time("Field date is a whole number of milliseconds since 1970, from the years 2001 to 2200.");
        }
        Instant instant = Instant.ofEpochMilli((long) date);
        Optional<ZoneOffset> offset = offset(entry, instant);
        if (offset.isPresent()) {
            form.time(instant.atOffset(offset.get()).toString());
        } else {
            form.time(instant);
        }
    }

    /** The uploader's offset; dateString tells it only where it means the same instant, and not where it says Z. */
    private static Optional<ZoneOffset> offset(JsonFields entry, Instant instant) {
        if (entry.has("utcOffset")) {
            double minutes = entry.requiredNumber("utcOffset");
            if (minutes != Math.rint(minutes) || Math.abs(minutes) > MOST_OFFSET_MINUTES) {
                throw new ItemRefusal(
                        Problem.Code.INVALID_FIELD, "Field utcOffset is a whole number of minutes, at most 18 hours.");
            }
            return Optional.of(ZoneOffset.ofTotalSeconds((int) minutes * 60));
        }
        if (!entry.has("dateString") || !entry.get("dateString").isTextual()) {
            return Optional.empty();
        }
        try {
            OffsetDateTime told = OffsetDateTime.parse(entry.get("dateString").textValue());
            boolean same = told.toEpochSecond() == instant.getEpochSecond();
            return Optional.of(told.getOffset()).filter(offset -> same && !offset.equals(ZoneOffset.UTC));
        } catch (DateTimeException e) {
            // Uploaders write it in many forms, and the date decides.
            return Optional.empty();
        }
    }

    private static ItemRefusal time(String detail) {
        return new ItemRefusal(Problem.Code.UNPARSEABLE_TIME, detail);
    }
}
