package org.lifelog.gateway.format;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.lifelog.avro.Limit;
import org.lifelog.avro.Reading;
import org.lifelog.avro.ReadingStatus;
import org.lifelog.contract.Attributes;
import org.lifelog.contract.Catalogue;
import org.lifelog.contract.Metric;
import org.lifelog.contract.SubjectKey;
import org.lifelog.gateway.failure.Problem;

/**
 * The one form into which every vendor format brings a reading, and its check: presence, codes, metric, unit, limit,
 * attributes and times. What a format leaves out stays null and is missing. For one reading only.
 */
public final class ReadingForm {
    /** What a form makes. */
    public sealed interface Result {}

    /** A reading in good form. */
    public record Good(Reading reading) implements Result {}

    /** The first thing that is wrong with it. */
    public record Bad(Problem.Code code, String detail) implements Result {}

    /** What a device can say of its reading. */
    static final List<String> REPORTED = List.of("time-fault", "control-solution");

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
    private boolean offsetKnown = true;
    private ReadingStatus status = ReadingStatus.FINAL;
    private final List<String> reported = new ArrayList<>(0);
    private final Map<String, String> attributes = new TreeMap<>();
    private Bad bad;

    /** Notes a fault; the first one is told. */
    public ReadingForm fault(Problem.Code code, String detail) {
        if (bad == null) {
            bad = new Bad(code, detail);
        }
        return this;
    }

    /** Opaque code of the subject. */
    public ReadingForm subject(String code) {
        subject = code;
        return this;
    }

    /** Code of the device. */
    public ReadingForm device(String code) {
        device = code;
        return this;
    }

    /** Code of the metric, from the catalogue. */
    public ReadingForm metric(String code) {
        metric = code;
        return this;
    }

    /** Whether this is a reading of the metric with that code. */
    public boolean isOf(String code) {
        return code.equals(metric);
    }

    /** UCUM code of the value's unit. */
    public ReadingForm unit(String ucum) {
        unit = ucum;
        return this;
    }

    /** Effective time, or the start of the interval: ISO 8601 with an offset. */
    public ReadingForm time(String iso) {
        time = iso;
        return this;
    }

    /** Effective time of a sender whose offset from UTC is not known; of a year that dates have. */
    public ReadingForm time(Instant instant) {
        offsetKnown = false;
        time = instant.atOffset(ZoneOffset.UTC).toString();
        return this;
    }

    /** End of the interval: ISO 8601 with an offset. */
    public ReadingForm end(String iso) {
        end = iso;
        return this;
    }

    /** The value in its unit. */
    public ReadingForm value(double number) {
        value = number;
        if (Double.isInfinite(number)) {
            return fault(Problem.Code.NOT_A_NUMBER, "Field value is larger than a number of 64 bits can be.");
        }
        return this;
    }

    /** The device gave a limit of its range instead of a value. */
    public ReadingForm limit(Limit lowOrHigh) {
        limit = lowOrHigh;
        value = Double.NaN;
        return this;
    }

    /** The device's own number of the reading, 0 or more. */
    public ReadingForm sequence(long number) {
        sequence = number;
        return this;
    }

    /** Whether it takes the place of what was sent under its identity before, or takes it back. */
    public ReadingForm status(ReadingStatus finalCorrectedOrWithdrawn) {
        status = finalCorrectedOrWithdrawn;
        return this;
    }

    /** Something that the device itself said of the reading; false where that is no code of {@link #REPORTED}. */
    boolean reported(String code) {
        return REPORTED.contains(code) && (reported.contains(code) || reported.add(code));
    }

    /** What splits the metric into several series. */
    public ReadingForm attribute(String key, String text) {
        attributes.put(key, text);
        return this;
    }

    /** The reading, or the first thing that is wrong with it. */
    public Result toReading(Catalogue catalogue, Origin origin) {
        if (bad == null && device == null) {
            device = origin.device().orElse(null);
        }
        if (bad == null && subject == null) {
            subject = origin.subject().orElse(null);
        }
        if (status == ReadingStatus.WITHDRAWN) {
            completeWithdrawal(catalogue);
        }
        checkPresent();
        checkCodes(origin);
        checkMetric(catalogue);
        OffsetDateTime start = parse(time, "time");
        OffsetDateTime stop = end == null ? null : parse(end, "end");
        if (bad != null) {
            return bad;
        }
        Reading reading = new Reading();
        reading.setCenter(origin.sender().center());
        // Where only the device is named, the registry knows to whom it is assigned; that is looked up afterwards.
        reading.setSubject(subject == null ? SubjectKey.unassigned(device) : subject);
        reading.setDevice(device);
        reading.setVendor(origin.sender().vendor());
        reading.setMetric(metric);
        reading.setAttributes(Attributes.canonical(attributes));
        reading.setValue(value);
        reading.setUnit(unit);
        reading.setLimit(limit);
        reading.setTime(micros(start));
        reading.setEnd(stop == null ? null : micros(stop));
        reading.setOffsetSeconds(offsetKnown ? start.getOffset().getTotalSeconds() : null);
        reading.setSequence(sequence);
        reading.setReceivedAt(origin.receivedAt());
        reading.setFlags(List.of());
        reading.setStatus(status);
        reading.setReported(reported);
        return new Good(reading);
    }

    /** A withdrawal needs no value: it names a reading by what else there is. */
    private void completeWithdrawal(Catalogue catalogue) {
        value = Double.NaN;
        limit = Limit.NONE;
        if (unit == null && metric != null) {
            unit = catalogue.metric(metric).map(Metric::unit).orElse("");
        }
    }

    private void checkPresent() {
        if (bad != null) {
            return;
        }
        if (device != null && metric != null && value != null && unit != null && time != null) {
            return;
        }
        List<String> missing = new ArrayList<>();
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

    private void checkCodes(Origin origin) {
        if (bad != null) {
            return;
        }
        if (subject != null && !Codes.valid(subject)) {
            fault(Problem.Code.INVALID_CODE, "Field subject is " + Codes.RULE + ".");
        } else if (subject != null && Codes.nationalId(subject)) {
            fault(
                    Problem.Code.NATIONAL_ID,
                    "Field subject looks like a resident registration number. Send an opaque code of the center.");
        } else if (!Codes.valid(device)) {
            fault(Problem.Code.INVALID_CODE, "Field device is " + Codes.RULE + ".");
        } else if (origin.device().filter(name -> !name.equals(device)).isPresent()) {
            fault(Problem.Code.DEVICE_MISMATCH, "Field device names another device than the address. Leave it out.");
        } else if (origin.subject().filter(name -> !name.equals(subject)).isPresent()) {
            fault(Problem.Code.SUBJECT_MISMATCH, "Field subject names another subject than the address. Leave it out.");
        }
    }

    private void checkMetric(Catalogue catalogue) {
        if (bad != null) {
            return;
        }
        Optional<Metric> known = catalogue.metric(metric);
        if (known.isEmpty()) {
            fault(Problem.Code.UNKNOWN_METRIC, "Field metric is not a code of the metric catalogue.");
        } else if (known.get().madeOf().isPresent()) {
            fault(
                    Problem.Code.DERIVED_METRIC,
                    "Metric " + metric + " is made by the service. Send the readings of "
                            + known.get().madeOf().get() + " that it is made of.");
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
            OffsetDateTime parsed = EffectiveTime.parse(text);
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
