package org.lifelog.gateway.format.openmhealth;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.lifelog.gateway.failure.Problem;
import org.lifelog.gateway.format.Codes;
import org.lifelog.gateway.format.ItemRefusal;
import org.lifelog.gateway.format.JsonFields;
import org.lifelog.gateway.format.Origin;
import org.lifelog.gateway.format.ReadingForm;

/** Brings one data point, or a body alone, into the common form. */
final class DataPoint {
    private static final String HEADER = "header";
    private static final String BODY = "body";
    private static final String TIME_FRAME = "effective_time_frame";
    private static final String STATISTIC = "descriptive_statistic";
    private static final String STATISTIC_PER = "descriptive_statistic_denominator";
    private static final String PROVENANCE = "acquisition_provenance";
    private static final String SLEEP_EPISODE = "sleep-episode";

    private static final Set<String> HEADER_FIELDS = Set.of(
            "id",
            "uuid",
            "schema_id",
            "creation_date_time",
            "source_creation_date_time",
            "modality",
            "acquisition_rate",
            "external_datasheets",
            PROVENANCE,
            "user_id");
    private static final Set<String> PROVENANCE_FIELDS = Set.of(
            "source_name",
            "source_data_point_id",
            "source_creation_date_time",
            "source_last_modification_date_time",
            "modality");
    private static final Set<String> MODALITIES = Set.of("sensed", "self-reported");
    private static final Set<String> STATISTICS = Set.of(
            "average",
            "count",
            "maximum",
            "median",
            "minimum",
            "standard deviation",
            "sum",
            "variance",
            "20th percentile",
            "80th percentile",
            "lower quartile",
            "upper quartile",
            "quartile deviation",
            "1st quintile",
            "2nd quintile",
            "3rd quintile",
            "4th quintile");

    private final Optional<String> requested;
    private final Origin origin;

    /**
     * Reads data points of one request.
     *
     * @param requested name of the schema of bodies that come without a header
     */
    DataPoint(Optional<String> requested, Origin origin) {
        this.requested = requested;
        this.origin = origin;
    }

    /**
     * The readings of a data point.
     *
     * @throws ItemRefusal it cannot be mapped
     */
    List<ReadingForm> map(JsonNode node) {
        JsonFields point = JsonFields.of(node, "A data point");
        if (!point.has(HEADER) && !point.has(BODY)) {
            return readings(schema(requested), point, Optional.empty(), Optional.empty());
        }
        point.only(Set.of(HEADER, BODY));
        JsonFields header = point.requiredObject(HEADER);
        header.only(HEADER_FIELDS);
        if (!header.has("id") && !header.has("uuid")) {
            throw new ItemRefusal(Problem.Code.MISSING_FIELD, "The header has a uuid or an id.");
        }
        header.text("id");
        header.text("uuid");
        if (!header.has("creation_date_time") && !header.has("source_creation_date_time")) {
            throw new ItemRefusal(
                    Problem.Code.MISSING_FIELD, "The header has a source_creation_date_time or a creation_date_time.");
        }
        time(header, "creation_date_time");
        time(header, "source_creation_date_time");
        header.oneOf("modality", MODALITIES);
        Optional<String> device = header.object(PROVENANCE).flatMap(this::device);
        return readings(
                schema(Optional.of(schemaName(header))), point.requiredObject(BODY), header.text("user_id"), device);
    }

    private static String schemaName(JsonFields header) {
        JsonFields id = header.requiredObject("schema_id");
        id.only(Set.of("namespace", "name", "version"));
        id.requiredText("namespace");
        id.requiredText("version");
        return id.requiredText("name");
    }

    private static Schema schema(Optional<String> name) {
        String given = name.orElseThrow(() -> new ItemRefusal(
                Problem.Code.MISSING_FIELD,
                "A body without a header is taken only where the request names its schema."));
        return Schema.named(given)
                .orElseThrow(() -> new ItemRefusal(
                        Problem.Code.UNSUPPORTED_SCHEMA, "The schemas that are taken are " + Schema.names() + "."));
    }

    /** The address' device goes first, so that a vendor can tell apart two devices whose source has one name. */
    private Optional<String> device(JsonFields provenance) {
        provenance.only(PROVENANCE_FIELDS);
        provenance.oneOf("modality", MODALITIES);
        time(provenance, "source_creation_date_time");
        time(provenance, "source_last_modification_date_time");
        String name = provenance.requiredText("source_name");
        return origin.device().isPresent() ? Optional.empty() : Codes.ofName(name);
    }

    private static List<ReadingForm> readings(
            Schema schema, JsonFields body, Optional<String> subject, Optional<String> device) {
        List<ReadingForm> forms = new ArrayList<>(2);
        body.only(fields(schema));
        for (Schema.Measure measure : schema.measures()) {
            forms.add(reading(measure, body.requiredObject(measure.field())));
        }
        schema.terms().forEach(body::oneOf);
        schema.quantities().forEach((field, units) -> body.object(field).ifPresent(value -> quantity(value, units)));
        if (schema.name().equals(SLEEP_EPISODE)) {
            checkEpisode(body);
        }
        TimeFrame frame = TimeFrame.of(body.requiredObject(TIME_FRAME));
        if (schema.interval() && frame.end().isEmpty()) {
            throw new ItemRefusal(Problem.Code.INVALID_FIELD, "This schema is about a time_interval, not a date_time.");
        }
        body.text(STATISTIC_PER);
        body.oneOf(STATISTIC, STATISTICS).ifPresent(statistic -> {
            throw new ItemRefusal(
                    Problem.Code.NOT_A_SAMPLE,
                    "A descriptive statistic is no measured value. Send what was measured; the service computes"
                            + " statistics itself.");
        });
        for (ReadingForm form : forms) {
            subject.ifPresent(form::subject);
            device.ifPresent(form::device);
            form.time(frame.time());
            frame.end().ifPresent(form::end);
            attributes(schema, body, form);
        }
        return forms;
    }

    private static Set<String> fields(Schema schema) {
        Set<String> fields = new HashSet<>(Set.of(TIME_FRAME));
        schema.measures().forEach(measure -> fields.add(measure.field()));
        fields.addAll(schema.terms().keySet());
        fields.addAll(schema.quantities().keySet());
        if (schema.name().equals(SLEEP_EPISODE)) {
            fields.addAll(Set.of("number_of_awakenings", "is_main_sleep"));
        } else {
            fields.addAll(Set.of(STATISTIC, STATISTIC_PER));
        }
        return fields;
    }

    private static ReadingForm reading(Schema.Measure measure, JsonFields value) {
        double number = quantity(value, measure.units().keySet());
        return new ReadingForm()
                .metric(measure.metric())
                .value(number)
                .unit(measure.units().get(value.requiredText("unit")));
    }

    private static double quantity(JsonFields value, Set<String> units) {
        value.only(Set.of("value", "unit"));
        double number = value.requiredNumber("value");
        if (!units.contains(value.requiredText("unit"))) {
            throw new ItemRefusal(
                    Problem.Code.UNIT_NOT_ALLOWED,
                    "A unit is not of this schema, or not taken. The units here are "
                            + units.stream().sorted().toList() + ".");
        }
        return number;
    }

    private static void checkEpisode(JsonFields body) {
        boolean whole = !body.has("number_of_awakenings")
                || body.get("number_of_awakenings").isIntegralNumber();
        boolean known = !body.has("is_main_sleep") || body.get("is_main_sleep").isBoolean();
        if (!whole || !known) {
            throw new ItemRefusal(
                    Problem.Code.WRONG_TYPE, "number_of_awakenings is a whole number, is_main_sleep true or false.");
        }
    }

    private static void attributes(Schema schema, JsonFields body, ReadingForm form) {
        switch (schema.name()) {
            case "blood-glucose" -> glucose(body, form);
            case "blood-pressure" ->
                body.text(Schema.POSTURE)
                        .flatMap(DataPoint::posture)
                        .ifPresent(value -> form.attribute("posture", value));
            case "sleep-duration", SLEEP_EPISODE -> form.attribute("stage", "asleep");
            default -> {}
        }
    }

    private static void glucose(JsonFields body, ReadingForm form) {
        switch (body.text(Schema.SPECIMEN).orElse("capillary blood")) {
            case "interstitial fluid" -> form.metric("glucose_cgm");
            case "capillary blood" ->
                meal(body.text(Schema.MEAL), body.text(Schema.SLEEP_RELATION))
                        .ifPresent(value -> form.attribute("meal", value));
            default ->
                throw new ItemRefusal(
                        Problem.Code.UNSUPPORTED_CODE,
                        "Glucose is taken of capillary blood and of interstitial fluid; no metric is about others.");
        }
    }

    private static Optional<String> meal(Optional<String> meal, Optional<String> sleep) {
        if (meal.isEmpty()) {
            return sleep.filter(relation -> relation.equals("before sleeping")).map(relation -> "bedtime");
        }
        return switch (meal.get()) {
            case "fasting" -> Optional.of("fasting");
            case "not fasting" -> Optional.empty();
            case "2 hours postprandial" -> Optional.of("after");
            default -> Optional.of(meal.get().startsWith("before") ? "before" : "after");
        };
    }

    private static Optional<String> posture(String posture) {
        return switch (posture) {
            case "sitting", "standing" -> Optional.of(posture);
            case "lying down" -> Optional.of("lying");
            default -> Optional.empty();
        };
    }

    private static void time(JsonFields fields, String name) {
        fields.text(name).ifPresent(text -> {
            try {
                OffsetDateTime.parse(text);
            } catch (DateTimeException e) {
                throw new ItemRefusal(
                        Problem.Code.UNPARSEABLE_TIME, "Field " + name + " is a time in ISO 8601 with an offset.");
            }
        });
    }
}
