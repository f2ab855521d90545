package org.lifelog.gateway.format.fhir;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.hl7.fhir.r4.model.Observation;
import org.lifelog.contract.Catalogue;
import org.lifelog.gateway.accept.Receipt;
import org.lifelog.gateway.failure.Problem;
import org.lifelog.gateway.failure.Refusal;
import org.lifelog.gateway.format.Answer;
import org.lifelog.gateway.format.Decoded;
import org.lifelog.gateway.format.Exchange;
import org.lifelog.gateway.format.Format;
import org.lifelog.gateway.format.ItemRefusal;
import org.lifelog.gateway.format.Items;
import org.lifelog.gateway.format.Origin;

/**
 * FHIR R4 as {@code application/fhir+json}: an Observation, or a Bundle of the types batch, collection and transaction.
 * An Observation is taken or refused as a whole; a transaction too, with all its entries. Make one for the process: HAPI
 * takes seconds for the first resource that it reads. Safe for use by many threads.
 */
public final class FhirFormat implements Format {
    /** Content type of what is sent and answered. */
    public static final String TYPE = "application/fhir+json";

    private static final String WARM_UP = """
            {"resourceType": "Observation", "status": "final", "code": {"coding": [{"system": "http://loinc.org",
             "code": "8867-4"}]}, "subject": {"reference": "Patient/S-1"}, "effectiveDateTime": "2026-11-24T07:31:05Z",
             "valueQuantity": {"value": 61, "system": "http://unitsofmeasure.org", "code": "/min"}}""";

    private final Catalogue catalogue;
    private final Resources resources = new Resources();
    private final ObservationMapper mapper;

    public FhirFormat(Catalogue catalogue) {
        this.catalogue = catalogue;
        this.mapper = new ObservationMapper(catalogue);
    }

    /** Reads one resource, so that no sender waits for HAPI. Takes seconds, so never on an event loop. */
    public void warmUp() {
        byte[] observation = WARM_UP.getBytes(StandardCharsets.UTF_8);
        resources.parse(Observation.class, observation, 0, observation.length);
    }

    @Override
    public Decoded decode(byte[] body, Origin origin) {
        return read(body, origin).decoded();
    }

    /** One request, whose answer is a Bundle or an OperationOutcome. */
    public Exchange exchange() {
        return new Exchange() {
            private Answer answer;

            @Override
            public Decoded decode(byte[] body, Origin origin) {
                FhirDecoded decoded = read(body, origin);
                answer = FhirAnswer.of(decoded);
                return decoded.decoded();
            }

            @Override
            public Answer answer(Receipt receipt) {
                return answer;
            }

            @Override
            public Answer answer(Refusal refusal) {
                return FhirAnswer.of(refusal);
            }
        };
    }

    /** What an entry holds, before it is checked. */
    private interface Content {
        ObservationMapper.Mapped get();
    }

    private FhirDecoded read(byte[] bytes, Origin origin) {
        FhirBody body = FhirBody.of(bytes);
        References references = new References(resources, bytes, body.entries());
        // Observations first, because they decide which of the other entries are used.
        List<Content> contents = body.entries().stream()
                .map(entry -> content(entry, bytes, references))
                .toList();
        FhirDecoded decoded = collect(body, contents, bytes, origin);
        if (body.kind() == FhirBody.Kind.TRANSACTION
                && !decoded.decoded().refused().isEmpty()) {
            return collect(body, refuseTheRest(decoded, contents), bytes, origin);
        }
        return decoded;
    }

    private Content content(FhirBody.Entry entry, byte[] bytes, References references) {
        try {
            entry.fault().ifPresent(fault -> {
                throw fault;
            });
            if (!entry.type().equals("Observation")) {
                return () -> other(entry, references);
            }
            Observation observation =
                    resources.parse(Observation.class, bytes, entry.resourceStart(), entry.resourceEnd());
            ObservationMapper.Mapped mapped = mapper.map(observation, references);
            return () -> mapped;
        } catch (ItemRefusal refusal) {
            return () -> {
                throw refusal;
            };
        }
    }

    private static ObservationMapper.Mapped other(FhirBody.Entry entry, References references) {
        if (references.used(entry)) {
            return new ObservationMapper.Mapped(
                    List.of(), List.of("Read for its code, which an Observation of the Bundle refers to. Not kept."));
        }
        throw new ItemRefusal(
                Problem.Code.UNSUPPORTED_RESOURCE,
                "The service takes Observations, and Patients, Locations and Devices only where an Observation of the"
                        + " same Bundle refers to them by a urn:.");
    }

    private static List<Content> refuseTheRest(FhirDecoded decoded, List<Content> contents) {
        List<Content> refused = new ArrayList<>(contents);
        for (int i = 0; i < refused.size(); i++) {
            if (decoded.outcomes().get(i) instanceof Items.Taken) {
                refused.set(i, () -> {
                    throw new ItemRefusal(
                            Problem.Code.TRANSACTION_REFUSED,
                            "Another entry of this transaction is refused. Send a batch, whose entries stand by"
                                    + " themselves.");
                });
            }
        }
        return refused;
    }

    private FhirDecoded collect(FhirBody body, List<Content> contents, byte[] bytes, Origin origin) {
        Items items = new Items(catalogue, origin, bytes);
        List<Items.Outcome> outcomes = new ArrayList<>(contents.size());
        List<List<String>> notes = new ArrayList<>(contents.size());
        for (int i = 0; i < contents.size(); i++) {
            FhirBody.Entry entry = body.entries().get(i);
            Content content = contents.get(i);
            List<String> ofEntry = new ArrayList<>(0);
            outcomes.add(items.add(entry.start(), entry.end(), () -> {
                ObservationMapper.Mapped mapped = content.get();
                ofEntry.addAll(mapped.notes());
                return mapped.forms();
            }));
            notes.add(ofEntry);
        }
        return new FhirDecoded(body.kind(), items.decoded(), outcomes, notes);
    }
}
