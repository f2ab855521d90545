package org.lifelog.portal;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.lifelog.contract.Attributes;
import org.lifelog.contract.Catalogue;
import org.lifelog.contract.Center;
import org.lifelog.contract.Flag;
import org.lifelog.contract.Metric;

/**
 * A stored reading as an Observation of FHIR R4, without extensions. Subject and device are told by their codes alone,
 * what the judgement noticed by tags.
 *
 * @param series of which the reading is
 * @param value in the canonical unit; of a censored reading the limit of the device
 * @param end where it is about an interval
 * @param offsetSeconds the sender's offset from UTC, where known
 */
record FhirObservation(
        Key key,
        HeldSeries series,
        String device,
        double value,
        Optional<Instant> end,
        Instant received,
        Optional<Integer> offsetSeconds,
        int flags) {

    static final String LOINC = "http://loinc.org";
    private static final String UCUM = "http://unitsofmeasure.org";
    private static final String CATEGORIES = "http://terminology.hl7.org/CodeSystem/observation-category";
    private static final String OWN = "urn:lifelog:";

    /** What FHIR R4 calls vital signs, and so wants in that category. */
    private static final Set<String> VITAL_SIGNS = Set.of(
            "bp_systolic", "bp_diastolic", "heart_rate", "resp_rate", "spo2", "body_temp", "weight", "height", "bmi");

    /** Saturation by any method, which FHIR R4 wants beside the code of the method. */
    private static final String ANY_SATURATION = "2708-6";

    private static final int MAXIMUM_OFFSET_SECONDS = 14 * 3_600;
    private static final int MINUTE_SECONDS = 60;

    /**
     * The key of the stored row, and so the order of a search: the newest first.
     *
     * @param micros effective time since 1970
     * @param sequence the device's own number, -1 where it has none
     */
    record Key(long micros, long series, int device, long sequence) {
        /** The id of the Observation: of digits, hyphens and dots, as FHIR allows. */
        String id() {
            return micros + "." + series + "." + device + "." + sequence;
        }

        /** The key of an id, or nothing where it is none. */
        static Optional<Key> of(String id) {
            String[] parts = id.split("\\.", -1);
            try {
                if (parts.length == 4) {
                    Key key = new Key(
                            Long.parseLong(parts[0]),
                            Long.parseLong(parts[1]),
                            Integer.parseInt(parts[2]),
                            Long.parseLong(parts[3]));
                    boolean possible = !Micros.instant(key.micros()).isBefore(FhirDate.ALL.from())
                            && Micros.instant(key.micros()).isBefore(FhirDate.ALL.to());
                    return possible ? Optional.of(key) : Optional.empty();
                }
            } catch (NumberFormatException e) {
                // Is no key, like one with too few parts.
            }
            return Optional.empty();
        }
    }

    /** The resource. */
    ObjectNode resource(Catalogue catalogue, Center center, String subject) {
        Optional<Metric> metric = catalogue.metric(series.metric());
        ObjectNode resource = JsonNodeFactory.instance.objectNode();
        resource.put("resourceType", "Observation").put("id", key.id());
        List<String> noticed = Flag.codes(flags);
        noticed.forEach(flag -> resource.withObject("/meta")
                .withArray("tag")
                .addObject()
                .put("system", OWN + "flag")
                .put("code", flag));
        resource.put("status", has(Flag.CORRECTED) ? "corrected" : "final");
        if (VITAL_SIGNS.contains(series.metric())) {
            resource.withArray("category")
                    .addObject()
                    .withArray("coding")
                    .addObject()
                    .put("system", CATEGORIES)
                    .put("code", "vital-signs");
        }
        resource.set("code", code(metric));
        resource.set("subject", reference(center.site() ? "Location" : "Patient", center, "subject", subject));
        effective(resource);
        resource.put("issued", text(received));
        resource.set("valueQuantity", quantity());
        resource.set("device", reference("Device", center, "device", device));
        Attributes.parse(series.attributes()).forEach((name, is) -> {
            ObjectNode component = resource.withArray("component").addObject();
            component.putObject("code").put("text", name);
            component.putObject("valueCodeableConcept").put("text", is);
        });
        return resource;
    }

    private boolean has(Flag flag) {
        return (flags & flag.bit()) != 0;
    }

    private ObjectNode code(Optional<Metric> metric) {
        ObjectNode code = JsonNodeFactory.instance.objectNode();
        loinc(metric)
                .forEach(loinc -> code.withArray("coding")
                        .addObject()
                        .put("system", LOINC)
                        .put("code", loinc));
        return code.put("text", metric.map(Metric::name).orElse(series.metric()));
    }

    /** The LOINC codes of a metric: those that its Observations bear. */
    static List<String> loinc(Optional<Metric> metric) {
        return metric.flatMap(one -> one.loinc()
                        .map(code -> one.code().equals("spo2") && !code.equals(ANY_SATURATION)
                                ? List.of(code, ANY_SATURATION)
                                : List.of(code)))
                .orElse(List.of());
    }

    private static ObjectNode reference(String type, Center center, String what, String code) {
        ObjectNode reference = JsonNodeFactory.instance.objectNode().put("type", type);
        reference
                .putObject("identifier")
                .put("system", OWN + "center:" + center.code() + ":" + what)
                .put("value", code);
        return reference;
    }

    private void effective(ObjectNode resource) {
        Instant time = Micros.instant(key.micros());
        end.ifPresentOrElse(
                until -> resource.putObject("effectivePeriod")
                        .put("start", text(time))
                        .put("end", text(until)),
                () -> resource.put("effectiveDateTime", text(time)));
    }

    private ObjectNode quantity() {
        BigDecimal number = BigDecimal.valueOf(value).stripTrailingZeros();
        ObjectNode quantity = JsonNodeFactory.instance.objectNode();
        quantity.put("value", number.scale() < 0 ? number.setScale(0) : number);
        // With the limit itself: a value that is just the limit is censored too.
        if (has(Flag.BELOW_RANGE)) {
            quantity.put("comparator", "<=");
        } else if (has(Flag.ABOVE_RANGE)) {
            quantity.put("comparator", ">=");
        }
        return quantity.put("unit", series.unit()).put("system", UCUM).put("code", series.unit());
    }

    /** With the sender's offset where it is known and FHIR can write it; the instant is the same. */
    private String text(Instant instant) {
        ZoneOffset offset = offsetSeconds
                .filter(seconds -> seconds % MINUTE_SECONDS == 0 && Math.abs(seconds) <= MAXIMUM_OFFSET_SECONDS)
                .map(ZoneOffset::ofTotalSeconds)
                .orElse(ZoneOffset.UTC);
        return DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(instant.atOffset(offset));
    }
}
