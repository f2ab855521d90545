package org.lifelog.gateway.format.fhir;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.hl7.fhir.instance.model.api.IBaseResource;
import org.hl7.fhir.r4.model.Device;
import org.hl7.fhir.r4.model.DeviceMetric;
import org.hl7.fhir.r4.model.Identifier;
import org.hl7.fhir.r4.model.Location;
import org.hl7.fhir.r4.model.Patient;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.Resource;
import org.lifelog.gateway.failure.Problem;
import org.lifelog.gateway.format.ItemRefusal;

/**
 * The codes that references stand for: the identifier's value of a logical reference; the id in a literal one, which is
 * the last part of its path; and for a {@code urn:} or a contained resource the first identifier of the Patient, Location
 * or Device itself, or its id.
 */
final class References {
    private static final Set<String> SUBJECTS = Set.of("Patient", "Location");
    private static final Set<String> DEVICES = Set.of("Device", "DeviceMetric");

    private final Resources resources;
    private final byte[] body;
    private final Map<String, FhirBody.Entry> entries = new HashMap<>();
    private final Map<String, String> codes = new HashMap<>();
    private final Set<FhirBody.Entry> used = new HashSet<>();

    References(Resources resources, byte[] body, List<FhirBody.Entry> entries) {
        this.resources = resources;
        this.body = body;
        for (FhirBody.Entry entry : entries) {
            if (entry.fullUrl().startsWith("urn:")
                    && entry.fault().isEmpty()
                    && (SUBJECTS.contains(entry.type()) || DEVICES.contains(entry.type()))) {
                this.entries.putIfAbsent(entry.fullUrl(), entry);
            }
        }
    }

    /** Whether a reference led to this entry. */
    boolean used(FhirBody.Entry entry) {
        return used.contains(entry);
    }

    /** The code of the subject, or null where the Observation names none. */
    String subject(Reference reference) {
        return code(reference, SUBJECTS, "Observation.subject refers to a Patient or a Location.");
    }

    /** The code of the device, or null where the Observation names none. */
    String device(Reference reference) {
        return code(reference, DEVICES, "Observation.device refers to a Device or a DeviceMetric.");
    }

    private String code(Reference reference, Set<String> types, String rule) {
        if (reference.getReference() == null && reference.getResource() == null) {
            return reference.hasIdentifier() ? reference.getIdentifier().getValue() : null;
        }
        String type = reference.getType();
        if (type != null && !types.contains(type)) {
            throw new ItemRefusal(Problem.Code.INVALID_FIELD, rule);
        }
        IBaseResource contained = reference.getResource();
        if (contained != null && contained instanceof Resource resource) {
            return code(resource, types, rule);
        }
        String url = reference.getReference();
        if (url.startsWith("urn:")) {
            FhirBody.Entry entry = entries.get(url);
            if (entry == null || !types.contains(entry.type())) {
                throw new ItemRefusal(
                        Problem.Code.INVALID_FIELD, "A urn: reference leads to no entry of the Bundle. " + rule);
            }
            used.add(entry);
            String known = codes.get(url);
            if (known == null) {
                known = code(
                        resources.parse(type(entry.type()), body, entry.resourceStart(), entry.resourceEnd()),
                        types,
                        rule);
                codes.put(url, known);
            }
            return known;
        }
        return literal(url, types, rule);
    }

    /** {@code Patient/S-1}, {@code https://example.org/fhir/Patient/S-1/_history/2}. */
    private static String literal(String url, Set<String> types, String rule) {
        int history = url.indexOf("/_history/");
        String path = history < 0 ? url : url.substring(0, history);
        int slash = path.lastIndexOf('/');
        String type = path.substring(path.lastIndexOf('/', slash - 1) + 1, Math.max(slash, 0));
        if (slash < 1 || !types.contains(type)) {
            throw new ItemRefusal(Problem.Code.INVALID_FIELD, rule);
        }
        return path.substring(slash + 1);
    }

    private static Class<? extends Resource> type(String type) {
        return switch (type) {
            case "Patient" -> Patient.class;
            case "Location" -> Location.class;
            case "Device" -> Device.class;
            default -> DeviceMetric.class;
        };
    }

    private static String code(Resource resource, Set<String> types, String rule) {
        if (!types.contains(resource.fhirType())) {
            throw new ItemRefusal(Problem.Code.INVALID_FIELD, rule);
        }
        List<Identifier> identifiers = identifiers(resource);
        String code = identifiers.isEmpty()
                ? resource.getIdElement().getIdPart()
                : identifiers.get(0).getValue();
        if (code == null) {
            throw new ItemRefusal(
                    Problem.Code.MISSING_FIELD, "A resource that is referred to has neither an identifier nor an id.");
        }
        return code;
    }

    private static List<Identifier> identifiers(Resource resource) {
        if (resource instanceof Patient patient) {
            return patient.getIdentifier();
        }
        if (resource instanceof Location location) {
            return location.getIdentifier();
        }
        if (resource instanceof Device device) {
            return device.getIdentifier();
        }
        return resource instanceof DeviceMetric metric ? metric.getIdentifier() : List.of();
    }
}
