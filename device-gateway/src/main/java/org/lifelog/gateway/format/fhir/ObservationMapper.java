package org.lifelog.gateway.format.fhir;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.hl7.fhir.r4.model.BaseDateTimeType;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.Observation;
import org.hl7.fhir.r4.model.Observation.ObservationComponentComponent;
import org.hl7.fhir.r4.model.Period;
import org.hl7.fhir.r4.model.Quantity;
import org.hl7.fhir.r4.model.Type;
import org.lifelog.avro.Limit;
import org.lifelog.avro.ReadingStatus;
import org.lifelog.contract.Catalogue;
import org.lifelog.contract.Metric;
import org.lifelog.gateway.failure.Problem;
import org.lifelog.gateway.format.ItemRefusal;
import org.lifelog.gateway.format.ReadingForm;

/** Brings an Observation into the common form: a reading for its own value and for each component that has a metric. */
final class ObservationMapper {
    /**
     * What an Observation holds.
     *
     * @param forms its readings, at least one
     * @param notes what of it is not taken, for the sender
     */
    record Mapped(List<ReadingForm> forms, List<String> notes) {}

    /** A meter's limit in mmol/L is rounded to a decimal: 33.3 mmol/L is 599.9 mg/dL, and stands for 600. */
    private static final double LIMIT_TOLERANCE = 0.01;

    private static final String GLUCOSE_METER = "glucose_smbg";
    private static final String SLEEP = "sleep";

    private static final Set<String> MEASUREMENT_STATUS = Set.of(
            "http://hl7.org/fhir/uv/pocd/CodeSystem/measurement-status",
            "http://terminology.hl7.org/CodeSystem/measurement-status");
    private static final Set<String> NOT_MEASURED = Set.of("calibration-ongoing", "early-indication", "msmt-ongoing");

    private final Catalogue catalogue;
    private final FhirCodes codes;

    ObservationMapper(Catalogue catalogue) {
        this.catalogue = catalogue;
        this.codes = new FhirCodes(catalogue);
    }

    /**
     * Brings an Observation into the common form.
     *
     * @throws ItemRefusal it cannot be mapped
     */
    Mapped map(Observation observation, References references) {
        refuseModifiers(observation);
        ReadingStatus status = status(observation);
        List<ReadingForm> forms = new ArrayList<>(2);
        List<String> notes = new ArrayList<>(0);
        readOwnValue(observation, forms, notes);
        readComponents(observation, forms, notes);
        if (forms.isEmpty()) {
            if (codes.metric(observation.getCode()).isPresent()) {
                throw new ItemRefusal(Problem.Code.MISSING_FIELD, "The Observation has no value.");
            }
            throw new ItemRefusal(
                    Problem.Code.UNSUPPORTED_CODE,
                    "No metric of the catalogue has this code. Codes are taken by LOINC and by IEEE 11073-10101.");
        }
        Optional<String> meal = observation.getComponent().stream()
                .flatMap(component -> meal(component).stream())
                .findFirst();
        String subject = references.subject(observation.getSubject());
        String device = references.device(observation.getDevice());
        for (ReadingForm form : forms) {
            form.subject(subject).device(device).status(status);
            readTime(form, observation.getEffective());
            meal.filter(value -> form.isOf(GLUCOSE_METER)).ifPresent(value -> form.attribute("meal", value));
            if (form.isOf(SLEEP)) {
                form.attribute("stage", "asleep");
            }
        }
        return new Mapped(forms, notes);
    }

    /** Who does not understand a modifier must not take the resource. */
    private static void refuseModifiers(Observation observation) {
        boolean modified = observation.hasModifierExtension()
                || observation.hasImplicitRules()
                || observation.getComponent().stream().anyMatch(ObservationComponentComponent::hasModifierExtension);
        if (modified) {
            throw new ItemRefusal(
                    Problem.Code.UNKNOWN_FIELD,
                    "The resource has a modifierExtension or implicitRules, which the service does not know.");
        }
    }

    private static ReadingStatus status(Observation observation) {
        if (observation.getStatus() == null) {
            throw new ItemRefusal(Problem.Code.MISSING_FIELD, "An Observation needs a status.");
        }
        refuseUnmeasured(observation);
        return switch (observation.getStatus()) {
            case FINAL, PRELIMINARY -> ReadingStatus.FINAL;
            case AMENDED, CORRECTED -> ReadingStatus.CORRECTED;
            case ENTEREDINERROR -> ReadingStatus.WITHDRAWN;
            default ->
                throw new ItemRefusal(
                        Problem.Code.INVALID_STATUS,
                        "The status is final, preliminary, amended, corrected or entered-in-error.");
        };
    }

    private static void refuseUnmeasured(Observation observation) {
        for (CodeableConcept concept : observation.getInterpretation()) {
            for (Coding coding : concept.getCoding()) {
                if (coding.hasSystem()
                        && coding.hasCode()
                        && MEASUREMENT_STATUS.contains(coding.getSystem())
                        && NOT_MEASURED.contains(coding.getCode())) {
                    throw new ItemRefusal(
                            Problem.Code.NOT_A_SAMPLE,
                            "The device was calibrating or still measuring. Send the value that it ended with.");
                }
            }
        }
    }

    private void readOwnValue(Observation observation, List<ReadingForm> forms, List<String> notes) {
        if (observation.hasDataAbsentReason()) {
            throw dataAbsent();
        }
        Optional<Metric> metric = codes.metric(observation.getCode()).flatMap(catalogue::metric);
        if (metric.isPresent() && (observation.hasValue() || !observation.hasComponent())) {
            forms.add(form(metric.get(), observation.getValue()));
        } else if (metric.isEmpty() && observation.hasValue()) {
            notes.add("The value is not taken: no metric of the catalogue has the code of the Observation.");
        }
    }

    private void readComponents(Observation observation, List<ReadingForm> forms, List<String> notes) {
        List<ObservationComponentComponent> components = observation.getComponent();
        for (int i = 0; i < components.size(); i++) {
            ObservationComponentComponent component = components.get(i);
            if (component.getValue() instanceof CodeableConcept value) {
                FhirCodes.refuseControlSolution(component.getCode(), value);
            }
            Optional<Metric> metric = codes.metric(component.getCode()).flatMap(catalogue::metric);
            if (metric.isPresent()) {
                if (!component.hasValue() && component.hasDataAbsentReason()) {
                    throw dataAbsent();
                }
                forms.add(form(metric.get(), component.getValue()));
            } else if (component.getValue() instanceof Quantity) {
                notes.add("Component " + i + " is not taken: no metric of the catalogue has its code.");
            }
        }
    }

    private static Optional<String> meal(ObservationComponentComponent component) {
        return component.getValue() instanceof CodeableConcept value
                ? FhirCodes.meal(component.getCode(), value)
                : Optional.empty();
    }

    private ReadingForm form(Metric metric, Type value) {
        ReadingForm form = new ReadingForm().metric(metric.code());
        if (value == null) {
            return form;
        }
        if (!(value instanceof Quantity quantity)) {
            throw new ItemRefusal(
                    Problem.Code.UNSUPPORTED_VALUE,
                    "The value is a valueQuantity: one number with a unit, no waveform, code or text.");
        }
        if (quantity.getValue() == null) {
            throw dataAbsent();
        }
        String unit = FhirCodes.unit(quantity.getSystem(), quantity.getCode())
                .orElseThrow(() -> new ItemRefusal(
                        Problem.Code.UNIT_NOT_ALLOWED,
                        "The unit of a valueQuantity is told by system " + FhirCodes.UCUM + " and a code of it: one of "
                                + catalogue.units(metric.code()) + "."));
        form.unit(unit);
        double number = quantity.getValue().doubleValue();
        return quantity.getComparator() == null
                ? form.value(number)
                : form.limit(limit(metric, number, unit, quantity.getComparator()));
    }

    /** A value that is only bounded says something where it lies at or past what the device can measure. */
    private Limit limit(Metric metric, double number, String unit, Quantity.QuantityComparator comparator) {
        // A unit that is not allowed is told by the form.
        double value = catalogue
                .conversion(metric.code(), unit)
                .map(conversion -> conversion.toCanonical(number))
                .orElse(Double.NaN);
        boolean unitKnown = !Double.isNaN(value);
        boolean below = comparator == Quantity.QuantityComparator.LESS_THAN
                || comparator == Quantity.QuantityComparator.LESS_OR_EQUAL;
        if (unitKnown
                && below
                && value <= metric.deviceLow().orElse(Double.NEGATIVE_INFINITY) * (1 + LIMIT_TOLERANCE)) {
            return Limit.LOW;
        }
        if (unitKnown
                && !below
                && value >= metric.deviceHigh().orElse(Double.POSITIVE_INFINITY) * (1 - LIMIT_TOLERANCE)) {
            return Limit.HIGH;
        }
        throw new ItemRefusal(
                unitKnown ? Problem.Code.LIMIT_NOT_ALLOWED : Problem.Code.UNIT_NOT_ALLOWED,
                "A comparator is taken only where the value is a limit of the devices for metric " + metric.code()
                        + ", in one of the UCUM units " + catalogue.units(metric.code()) + ".");
    }

    private static void readTime(ReadingForm form, Type effective) {
        if (effective instanceof BaseDateTimeType time) {
            form.time(time.getValueAsString());
        } else if (effective instanceof Period period) {
            form.time(period.getStartElement().getValueAsString());
            form.end(period.getEndElement().getValueAsString());
        } else if (effective != null) {
            throw new ItemRefusal(
                    Problem.Code.UNPARSEABLE_TIME,
                    "The effective time is effectiveDateTime, effectiveInstant or effectivePeriod.");
        }
    }

    private static ItemRefusal dataAbsent() {
        return new ItemRefusal(Problem.Code.DATA_ABSENT, "There is no value: the device could not tell it.");
    }
}
