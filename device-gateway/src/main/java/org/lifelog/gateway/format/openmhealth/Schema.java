package org.lifelog.gateway.format.openmhealth;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A schema of which data points are taken, as Open mHealth and IEEE 1752.1 have it.
 *
 * @param name such as {@code blood-glucose}
 * @param measures what is measured, one reading each
 * @param terms fields whose values are terms of the schema, each with these
 * @param quantities fields that are numbers with a unit and not taken, each with its units
 * @param interval whether it is about an interval only
 */
record Schema(
        String name,
        List<Measure> measures,
        Map<String, Set<String>> terms,
        Map<String, Set<String>> quantities,
        boolean interval) {
    /**
     * A measure.
     *
     * @param field its field in the body
     * @param metric code of the metric
     * @param units the units that are taken, each with its UCUM code
     */
    record Measure(String field, String metric, Map<String, String> units) {}

    static final String MEAL = "temporal_relationship_to_meal";
    static final String SLEEP_RELATION = "temporal_relationship_to_sleep";
    static final String SPECIMEN = "specimen_source";
    static final String POSTURE = "body_posture";

    private static final String ACTIVITY = "temporal_relationship_to_physical_activity";
    private static final String LOCATION = "measurement_location";

    private static final Map<String, String> PERCENT = Map.of("%", "%");
    private static final Map<String, String> TEMPERATURE = Map.of("C", "Cel", "F", "[degF]");
    private static final Map<String, String> MERCURY = Map.of("mmHg", "mm[Hg]");
    private static final Map<String, String> DURATION = Map.of("sec", "s", "min", "min", "h", "h");
    private static final Set<String> DURATIONS =
            Set.of("ps", "ns", "us", "ms", "sec", "min", "h", "d", "wk", "Mo", "yr");

    private static final Set<String> MEALS = Set.of(
            "fasting",
            "not fasting",
            "before meal",
            "after meal",
            "before breakfast",
            "after breakfast",
            "before lunch",
            "after lunch",
            "before dinner",
            "after dinner",
            "2 hours postprandial");
    private static final Set<String> SLEEPS = Set.of("before sleeping", "during sleep", "on waking");
    private static final Set<String> ACTIVITIES =
            Set.of("at rest", "active", "before exercise", "after exercise", "during exercise");
    private static final Set<String> SPECIMENS = Set.of(
            "breath", "capillary blood", "interstitial fluid", "lacrimal fluid", "saliva", "sweat", "tears", "urine");
    private static final Set<String> POSTURES = Set.of("sitting", "lying down", "standing", "semi-recumbent");
    private static final Set<String> LOCATIONS = Set.of(
            "left ankle",
            "right ankle",
            "left hip",
            "right hip",
            "left thigh",
            "right thigh",
            "left thorax",
            "middle left thorax",
            "left upper arm",
            "right upper arm",
            "left wrist",
            "right wrist");
    private static final Set<String> TEMPERATURE_LOCATIONS = Set.of(
            "axillary",
            "finger",
            "forehead",
            "oral",
            "rectal",
            "temporal artery",
            "toe",
            "tympanic",
            "wrist",
            "vagina");

    private static final Map<String, Schema> SCHEMAS = Stream.of(
                    sample("ambient-temperature", Map.of(), measure("ambient_temperature", "room_temp", TEMPERATURE)),
                    sample(
                            "blood-glucose",
                            Map.of(MEAL, MEALS, SLEEP_RELATION, SLEEPS, SPECIMEN, SPECIMENS),
                            measure("blood_glucose", "glucose_smbg", Map.of("mg/dL", "mg/dL", "mmol/L", "mmol/L"))),
                    sample(
                            "blood-pressure",
                            Map.of(POSTURE, POSTURES, LOCATION, LOCATIONS, ACTIVITY, ACTIVITIES),
                            measure("systolic_blood_pressure", "bp_systolic", MERCURY),
                            measure("diastolic_blood_pressure", "bp_diastolic", MERCURY)),
                    sample("body-fat-percentage", Map.of(), measure("body_fat_percentage", "body_fat_pct", PERCENT)),
                    sample(
                            "body-height",
                            Map.of(),
                            measure("body_height", "height", Map.of("cm", "cm", "m", "m", "in", "[in_i]"))),
                    sample("body-mass-index", Map.of(), measure("body_mass_index", "bmi", Map.of("kg/m2", "kg/m2"))),
                    sample(
                            "body-temperature",
                            Map.of(SLEEP_RELATION, SLEEPS, LOCATION, TEMPERATURE_LOCATIONS),
                            measure("body_temperature", "body_temp", TEMPERATURE)),
                    sample(
                            "body-weight",
                            Map.of(),
                            measure("body_weight", "weight", Map.of("kg", "kg", "g", "g", "lb", "[lb_av]"))),
                    sample(
                            "heart-rate",
                            Map.of(SLEEP_RELATION, SLEEPS, ACTIVITY, ACTIVITIES),
                            measure("heart_rate", "heart_rate", Map.of("beats/min", "/min"))),
                    new Schema(
                            "oxygen-saturation",
                            List.of(measure("oxygen_saturation", "spo2", PERCENT)),
                            Map.of(
                                    "system",
                                    Set.of("peripheral capillary"),
                                    "oxygen_therapy_mode_of_administration",
                                    Set.of("nasal cannula"),
                                    "measurement_method",
                                    Set.of("pulse oximetry")),
                            Map.of("supplemental_oxygen_flow_rate", Set.of("L/min")),
                            false),
                    sample(
                            "respiratory-rate",
                            Map.of(ACTIVITY, ACTIVITIES),
                            measure("respiratory_rate", "resp_rate", Map.of("breaths/min", "/min"))),
                    interval("sleep-duration", Map.of(), measure("sleep_duration", "sleep", DURATION)),
                    interval(
                            "sleep-episode",
                            Map.of(
                                    "latency_to_sleep_onset",
                                    DURATIONS,
                                    "latency_to_arising",
                                    DURATIONS,
                                    "wake_after_sleep_onset",
                                    DURATIONS,
                                    "sleep_maintenance_efficiency_percentage",
                                    Set.of("%")),
                            measure("total_sleep_time", "sleep", DURATION)),
                    interval("step-count", Map.of(), measure("step_count", "steps", Map.of("steps", "{steps}"))))
            .collect(Collectors.toUnmodifiableMap(Schema::name, Function.identity()));

    /** The schema of that name, where it is taken. */
    static Optional<Schema> named(String name) {
        return Optional.ofNullable(SCHEMAS.get(name));
    }

    /** The names of all schemas that are taken, in alphabetical order. */
    static List<String> names() {
        return SCHEMAS.keySet().stream().sorted().toList();
    }

    private static Schema sample(String name, Map<String, Set<String>> terms, Measure... measures) {
        return new Schema(name, List.of(measures), terms, Map.of(), false);
    }

    private static Schema interval(String name, Map<String, Set<String>> quantities, Measure... measures) {
        return new Schema(name, List.of(measures), Map.of(), quantities, true);
    }

    private static Measure measure(String field, String metric, Map<String, String> units) {
        return new Measure(field, metric, units);
    }
}
