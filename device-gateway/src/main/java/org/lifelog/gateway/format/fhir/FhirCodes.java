package org.lifelog.gateway.format.fhir;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;
import org.lifelog.contract.Catalogue;
import org.lifelog.gateway.failure.Problem;
import org.lifelog.gateway.format.ItemRefusal;

/**
 * The codes by which Observations name what was measured: LOINC as the catalogue has it, and IEEE 11073-10101 (MDC) of
 * personal health devices. An MDC code is the partition times 65,536 plus the term. A code that has not been confirmed
 * is not here.
 */
final class FhirCodes {
    static final String LOINC = "http://loinc.org";
    static final String MDC = "urn:iso:std:iso:11073:10101";
    static final String UCUM = "http://unitsofmeasure.org";

    private static final String CONTROL_SOLUTION = "160208";
    private static final String SAMPLE_LOCATION = "8417844";
    private static final String SAMPLE_LOCATION_CONTROL_SOLUTION = "8417860";
    private static final String MEAL = "8417864";

    /** Beside the codes of the catalogue: the same quantities by another code, mostly in moles. */
    private static final Map<String, String> MORE_LOINC = Map.of(
            "2708-6", "spo2",
            "14743-9", "glucose_smbg",
            "105272-9", "glucose_cgm",
            "59261-8", "hba1c");

    private static final Map<String, String> MDC_METRICS = Map.ofEntries(
            Map.entry("147842", "heart_rate"),
            Map.entry("149530", "heart_rate"),
            Map.entry("149546", "heart_rate"),
            Map.entry("150021", "bp_systolic"),
            Map.entry("150022", "bp_diastolic"),
            Map.entry("150364", "body_temp"),
            Map.entry("150456", "spo2"),
            Map.entry("151562", "resp_rate"),
            Map.entry("160184", "glucose_smbg"),
            Map.entry("160188", "glucose_smbg"),
            Map.entry("160212", "glucose_cgm"),
            Map.entry("160368", "glucose_smbg"),
            Map.entry("188736", "weight"),
            Map.entry("188740", "height"),
            Map.entry("188752", "bmi"));

    private static final Map<String, String> MDC_UNITS = Map.of(
            "262688", "%",
            "263441", "cm",
            "263875", "kg",
            "264274", "mg/dL",
            "264864", "/min",
            "264928", "/min",
            "266016", "mm[Hg]",
            "266866", "mmol/L",
            "268192", "Cel");

    private static final Map<String, String> MEALS = Map.of(
            "8417868", "before",
            "8417872", "after",
            "8417876", "fasting");

    private final Map<String, String> loinc = new HashMap<>(MORE_LOINC);

    FhirCodes(Catalogue catalogue) {
        catalogue.metrics().forEach(metric -> metric.loinc().ifPresent(code -> loinc.put(code, metric.code())));
    }

    /**
     * The metric that a concept names.
     *
     * @return nothing where none of its codings names one
     * @throws ItemRefusal its codings name different metrics, or control solution
     */
    Optional<String> metric(CodeableConcept concept) {
        String found = null;
        for (Coding coding : concept.getCoding()) {
            if (MDC.equals(coding.getSystem()) && CONTROL_SOLUTION.equals(coding.getCode())) {
                throw controlSolution();
            }
            String metric = metric(coding);
            if (found != null && metric != null && !found.equals(metric)) {
                throw new ItemRefusal(Problem.Code.UNSUPPORTED_CODE, "The codings of a code name different metrics.");
            }
            found = found == null ? metric : found;
        }
        return Optional.ofNullable(found);
    }

    private String metric(Coding coding) {
        if (coding.getCode() == null) {
            return null;
        }
        if (LOINC.equals(coding.getSystem())) {
            return loinc.get(coding.getCode());
        }
        return MDC.equals(coding.getSystem()) ? MDC_METRICS.get(coding.getCode()) : null;
    }

    /** The UCUM code of a unit; nothing where its system is not UCUM or MDC, or its MDC code is not known. */
    static Optional<String> unit(String system, String code) {
        if (UCUM.equals(system)) {
            return Optional.ofNullable(code);
        }
        return MDC.equals(system) ? Optional.ofNullable(code).map(MDC_UNITS::get) : Optional.empty();
    }

    /** The value of the attribute meal that a component states; nothing where it states another thing. */
    static Optional<String> meal(CodeableConcept code, CodeableConcept value) {
        return has(code, MEAL) ? code(value).map(MEALS::get) : Optional.empty();
    }

    /**
     * Looks whether a component says that the sample is none of a person.
     *
     * @throws ItemRefusal it does
     */
    static void refuseControlSolution(CodeableConcept code, CodeableConcept value) {
        if (has(code, SAMPLE_LOCATION) && has(value, SAMPLE_LOCATION_CONTROL_SOLUTION)) {
            throw controlSolution();
        }
    }

    private static boolean has(CodeableConcept concept, String mdc) {
        return concept.getCoding().stream()
                .anyMatch(coding -> MDC.equals(coding.getSystem()) && mdc.equals(coding.getCode()));
    }

    private static Optional<String> code(CodeableConcept concept) {
        return concept.getCoding().stream()
                .filter(coding -> MDC.equals(coding.getSystem()) && coding.getCode() != null)
                .map(Coding::getCode)
                .findFirst();
    }

    private static ItemRefusal controlSolution() {
        return new ItemRefusal(
                Problem.Code.CONTROL_SOLUTION, "This is a measurement of control solution, not of the subject.");
    }
}
