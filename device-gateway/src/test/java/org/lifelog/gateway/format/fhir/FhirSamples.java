package org.lifelog.gateway.format.fhir;

/** Resources for tests. */
final class FhirSamples {
    static final String HEART_RATE = """
            {"resourceType": "Observation", "status": "final",
             "code": {"coding": [{"system": "http://loinc.org", "code": "8867-4"}]},
             "subject": {"reference": "Patient/S-21"}, "device": {"reference": "Device/band-4"},
             "effectiveDateTime": "2026-11-24T07:31:05+09:00",
             "valueQuantity": {"value": 63, "unit": "beats/minute", "system": "http://unitsofmeasure.org",
              "code": "/min"}}""";

    static final String BLOOD_PRESSURE = """
            {"resourceType": "Observation", "status": "final",
             "meta": {"profile": ["http://hl7.org/fhir/StructureDefinition/bp"]},
             "category": [{"coding": [{"system": "http://terminology.hl7.org/CodeSystem/observation-category",
              "code": "vital-signs"}]}],
             "code": {"coding": [{"system": "http://loinc.org", "code": "85354-9"}], "text": "Blood pressure"},
             "subject": {"reference": "Patient/S-21"}, "device": {"reference": "Device/cuff-4"},
             "effectiveDateTime": "2026-11-24T07:31:05+09:00", "component": [
             {"code": {"coding": [{"system": "http://loinc.org", "code": "8480-6"}]}, "valueQuantity": {"value": 118,
              "system": "http://unitsofmeasure.org", "code": "mm[Hg]"}},
             {"code": {"coding": [{"system": "urn:iso:std:iso:11073:10101", "code": "150022"}]}, "valueQuantity":
              {"value": 77, "system": "urn:iso:std:iso:11073:10101", "code": "266016"}},
             {"code": {"coding": [{"system": "urn:iso:std:iso:11073:10101", "code": "150023"}]}, "valueQuantity":
              {"value": 91, "system": "http://unitsofmeasure.org", "code": "mm[Hg]"}}]}""";

    static final String GLUCOSE = """
            {"resourceType": "Observation", "status": "final",
             "code": {"coding": [{"system": "http://example.org/private", "code": "77"}]},
             "subject": {"reference": "Patient/S-21"}, "device": {"reference": "Device/meter-4"},
             "effectiveDateTime": "2026-11-24T07:31:05+09:00", "component": [
             {"code": {"coding": [{"system": "urn:iso:std:iso:11073:10101", "code": "160184"}]}, "valueQuantity":
              {"value": 5.9, "system": "http://unitsofmeasure.org", "code": "mmol/L"}},
             {"code": {"coding": [{"system": "urn:iso:std:iso:11073:10101", "code": "8417864"}]},
              "valueCodeableConcept": {"coding": [{"system": "urn:iso:std:iso:11073:10101", "code": "8417876"}]}}]}""";

    static final String PATIENT = """
            {"resourceType": "Patient", "identifier": [{"system": "urn:oid:1.2.3", "value": "S-77"}]}""";

    static final String DEVICE = """
            {"resourceType": "Device", "id": "scale-2", "status": "active"}""";

    private FhirSamples() {}

    static String bundle(String type, String... entries) {
        return "{\"resourceType\": \"Bundle\", \"type\": \"" + type + "\", \"entry\": [" + String.join(", ", entries)
                + "]}";
    }

    static String entry(String resource) {
        return "{\"resource\": " + resource + ", \"request\": {\"method\": \"POST\", \"url\": \"Observation\"}}";
    }

    static String entry(String fullUrl, String resource) {
        return "{\"fullUrl\": \"" + fullUrl + "\", \"resource\": " + resource + "}";
    }
}
