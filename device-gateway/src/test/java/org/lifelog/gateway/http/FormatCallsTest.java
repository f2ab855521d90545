package org.lifelog.gateway.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.lifelog.avro.Reading;
import org.lifelog.embedded.testing.Infrastructure;
import org.lifelog.gateway.ReadingsTopic;
import org.lifelog.gateway.RunningGateway;

class FormatCallsTest {
    private static final String OBSERVATION = """
            {"resourceType": "Observation", "status": "final", "code": {"coding": [{"system": "http://loinc.org",
             "code": "8867-4"}]}, "subject": {"reference": "Patient/S-1"}, "device": {"reference": "Device/band-1"},
             "effectiveDateTime": "2026-11-24T07:31:05+09:00", "valueQuantity": {"value": 71, "unit": "beats/minute",
             "system": "http://unitsofmeasure.org", "code": "/min"}}""";

    private static RunningGateway gateway;
    private static ReadingsTopic topic;

    @BeforeAll
    static void start() {
        gateway = RunningGateway.start();
        topic = new ReadingsTopic(Infrastructure.kafka());
    }

    @AfterAll
    static void stop() {
        topic.close();
        gateway.close();
    }

    @BeforeEach
    void skipWhatOthersSent() {
        topic.skip();
    }

    @AfterEach
    void nothingIsLeft() {
        topic.assertNothingMore();
    }

    @Test
    void anObservationIsAnsweredWithAnOutcome() {
        HttpResponse<String> answer = post("fhir", "application/fhir+json", OBSERVATION);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(answer.headers().firstValue("content-type").orElseThrow()).startsWith("application/fhir+json");
        assertThat(new JsonObject(answer.body()).getString("resourceType")).isEqualTo("OperationOutcome");
        Reading reading = topic.takeReadings(1).get(0);
        assertThat(reading.getMetric()).isEqualTo("heart_rate");
        assertThat(reading.getSubject()).isEqualTo("S-1");
        assertThat(reading.getValue()).isEqualTo(71);
    }

    @Test
    void aBundleIsAnsweredEntryByEntry() {
        String entry = "{\"resource\": %s, \"request\": {\"method\": \"POST\", \"url\": \"Observation\"}}";
        String bundle = "{\"resourceType\": \"Bundle\", \"type\": \"batch\", \"entry\": ["
                + entry.formatted(OBSERVATION) + ", " + entry.formatted(OBSERVATION.replace("8867-4", "1-8")) + "]}";
        HttpResponse<String> answer = post("fhir", "application/fhir+json", bundle);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        JsonArray entries = new JsonObject(answer.body()).getJsonArray("entry");
        assertThat(entries.getJsonObject(0).getJsonObject("response").getString("status"))
                .startsWith("201");
        assertThat(entries.getJsonObject(1).getJsonObject("response").getString("status"))
                .startsWith("422");
        topic.take(1);
    }

    @Test
    void whatIsNoFhirIsAnsweredWithAnOutcome() {
        HttpResponse<String> answer = post("fhir", "application/fhir+json", "{\"resourceType\": \"Observ");
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(new JsonObject(answer.body()).getString("resourceType")).isEqualTo("OperationOutcome");
        assertThat(post("fhir", "application/fhir+xml", "<Observation/>").statusCode())
                .isEqualTo(415);
    }

    @Test
    void aDataPointMayLeaveSubjectAndDeviceToTheAddress() {
        HttpResponse<String> answer =
                post("openmhealth?schema=heart-rate&subject=S-2&device=band-2", "application/json", """
                {"heart_rate": {"value": 70, "unit": "beats/min"},
                 "effective_time_frame": {"date_time": "2026-11-24T07:31:05+09:00"}}""");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(new JsonObject(answer.body()).getInteger("accepted")).isEqualTo(1);
        ConsumerRecord<String, ?> record = topic.takeOne();
        assertThat(record.key()).isEqualTo("isens/S-2");
        assertThat(((Reading) record.value()).getDevice()).isEqualTo("band-2");
    }

    @Test
    void aStatisticIsNotASample() {
        HttpResponse<String> answer =
                post("openmhealth?schema=heart-rate&subject=S-2&device=band-2", "application/json", """
                {"heart_rate": {"value": 70, "unit": "beats/min"}, "descriptive_statistic": "average",
                 "effective_time_frame": {"date_time": "2026-11-24T07:31:05+09:00"}}""");
        assertThat(answer.statusCode()).isEqualTo(422);
        assertThat(answer.body()).contains("not-a-sample");
    }

    @Test
    void anUploaderOfNightscoutFindsWhatItExpects() {
        String nightscout = "/v1/centers/isens/subjects/S-3/nightscout/api/v1/";
        assertThat(new JsonObject(gateway.send(uploader(nightscout + "status.json"))
                                .body())
                        .getString("status"))
                .isEqualTo("ok");
        HttpResponse<String> answer = gateway.post(uploader(nightscout + "entries"), """
                [{"type": "sgv", "sgv": "112", "date": 1795555865000, "device": "xDrip-DexcomG6"},
                 {"type": "sgv", "sgv": 5, "date": 1795556165000, "device": "xDrip-DexcomG6"}]""".getBytes(UTF_8));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(new JsonArray(answer.body())).hasSize(2);
        Reading reading = topic.takeReadings(1).get(0);
        assertThat(reading.getSubject()).isEqualTo("S-3");
        assertThat(reading.getMetric()).isEqualTo("glucose_cgm");
        assertThat(reading.getValue()).isEqualTo(112);
    }

    private static HttpRequest.Builder uploader(String path) {
        return gateway.request(path).header("api-secret", RunningGateway.API_SECRET);
    }

    private static HttpResponse<String> post(String call, String type, String body) {
        return gateway.post(
                gateway.request("/v1/centers/isens/" + call)
                        .header("Authorization", RunningGateway.basic(RunningGateway.ISENS, RunningGateway.PASSWORD))
                        .header("Content-Type", type),
                body.getBytes(UTF_8));
    }
}
