package org.lifelog.gateway.fuzz;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;
import org.lifelog.gateway.RunningGateway;
import org.lifelog.gateway.format.Decoding;

/** Requests in order, of every call, to be mutated. */
final class HttpSamples {
    static final String BASIC = RunningGateway.basic(RunningGateway.ISENS, RunningGateway.PASSWORD);

    /**
     * A request.
     *
     * @param type content type
     * @param encoding content encoding of what is made of the body; {@code identity} for none
     */
    record Sample(String method, String path, String type, String encoding, byte[] body) {}

    private static final String CENTER = "/v1/centers/isens";
    private static final String JSON = "application/json";
    private static final String FHIR_JSON = "application/fhir+json";
    private static final String LINES = "application/x-ndjson";
    private static final String STEPS = """
            {"subject": "S-7", "device": "band-17", "metric": "steps", "value": 412, "unit": "{steps}",
             "time": "2026-11-24T07:00:00+09:00", "end": "2026-11-24T07:15:00+09:00"}""";
    private static final String OBSERVATION = """
            {"resourceType": "Observation", "id": "o1", "status": "final",
             "code": {"coding": [{"system": "http://loinc.org", "code": "8867-4"}], "text": "Heart rate"},
             "subject": {"reference": "Patient/S-21"}, "device": {"reference": "Device/band-4"},
             "effectiveDateTime": "2026-11-24T07:31:05+09:00",
             "valueQuantity": {"value": 63, "unit": "beats/minute", "system": "http://unitsofmeasure.org",
              "code": "/min"}}""";
    private static final String BUNDLE = """
            {"resourceType": "Bundle", "type": "batch", "entry": [
             {"fullUrl": "urn:uuid:1", "resource": {"resourceType": "Patient", "identifier": [{"value": "S-77"}]}},
             {"resource": {"resourceType": "Observation", "status": "final",
              "code": {"coding": [{"system": "http://loinc.org", "code": "85354-9"}]},
              "subject": {"reference": "urn:uuid:1"}, "device": {"reference": "Device/cuff-4"},
              "effectivePeriod": {"start": "2026-11-24T07:31:05+09:00", "end": "2026-11-24T07:32:05+09:00"},
              "component": [{"code": {"coding": [{"system": "http://loinc.org", "code": "8480-6"}]},
               "valueQuantity": {"value": 118.5, "system": "http://unitsofmeasure.org", "code": "mm[Hg]"}}]},
              "request": {"method": "POST", "url": "Observation"}}]}""";
    private static final String DATA_POINT = """
            {"header": {"uuid": "0d1c6c31-88a5-4b28-9d0c-2d2a3c1f7f10", "schema_id": {"namespace": "omh",
             "name": "blood-glucose", "version": "4.0"}, "source_creation_date_time": "2026-11-24T09:00:00+09:00",
             "acquisition_provenance": {"source_name": "Acme meter 3"}, "user_id": "S-31"},
             "body": {"blood_glucose": {"value": 6.1, "unit": "mmol/L"}, "effective_time_frame":
             {"date_time": "2026-11-24T07:31:05+09:00"}, "temporal_relationship_to_meal": "after lunch"}}""";
    private static final String SLEEP = """
            {"effective_time_frame": {"time_interval": {"start_date_time": "2026-11-23T23:10:00+09:00",
             "duration": {"value": 7.5, "unit": "h"}}}, "total_sleep_time": {"value": 412, "unit": "min"}}""";
    private static final String ENTRIES = """
            [{"type": "sgv", "sgv": 131, "date": 1795559465000, "dateString": "2026-11-24T18:31:05.000+09:00",
             "device": "xDrip-DexcomG6 Share2", "direction": "Flat", "noise": 1, "delta": null},
             {"type": "mbg", "mbg": 6.2, "units": "mmol/L", "date": 1795559465001, "device": "meter"}]""";

    static final List<Sample> ALL = List.of(
            post("/readings", JSON, Decoding.GOOD),
            post("/readings", JSON, Decoding.batch(Decoding.GOOD, STEPS)),
            post("/readings", LINES, Decoding.GOOD + "\n" + STEPS.replace("\n", "") + "\n"),
            encoded("/readings", JSON, "gzip", Decoding.batch(STEPS, Decoding.GOOD)),
            encoded("/readings", LINES, "gzip", Decoding.GOOD + "\n" + Decoding.GOOD),
            encoded("/readings", JSON, "zstd", Decoding.batch(Decoding.GOOD, Decoding.GOOD)),
            post("/fhir", FHIR_JSON, OBSERVATION),
            post("/fhir", FHIR_JSON, BUNDLE),
            encoded("/fhir", JSON, "gzip", BUNDLE),
            post("/openmhealth", JSON, "[" + DATA_POINT + "]"),
            post("/openmhealth?schema=sleep-episode&subject=S-9&device=d-9", JSON, SLEEP),
            post("/subjects/S-5/nightscout/api/v1/entries", JSON, ENTRIES),
            post("/subjects/S-5/nightscout/api/v1/entries.json", JSON, ENTRIES),
            get("/subjects/S-5/nightscout/api/v1/status.json"),
            new Sample(
                    "PUT",
                    CENTER + "/devices/meter-1",
                    JSON,
                    "identity",
                    utf8(
                            "{\"manufacturer\": \"i-SENS\", \"model\": \"CareSens N\", \"counters\": {\"steps\": \"total\"}, \"priority\": 10}")),
            get("/devices/meter-1"),
            post(
                    "/devices/meter-1/assignments",
                    JSON,
                    "{\"subject\": \"S-1\", \"from\": \"2026-11-24T07:31:05+09:00\", \"to\": \"2026-11-25T00:00:00Z\"}"),
            get("/rejections?since=2026-11-24T00:00:00%2B09:00&limit=10"),
            get("/rejections?before=1795559465000000-0-12&limit=1000"));

    private HttpSamples() {}

    private static Sample post(String path, String type, String body) {
        return encoded(path, type, "identity", body);
    }

    private static Sample encoded(String path, String type, String encoding, String body) {
        return new Sample("POST", CENTER + path, type, encoding, utf8(body));
    }

    private static Sample get(String path) {
        return new Sample("GET", CENTER + path, JSON, "identity", new byte[0]);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(UTF_8);
    }
}
