package org.lifelog.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.lifelog.avro.Reading;
import org.lifelog.embedded.testing.Infrastructure;
import org.lifelog.gateway.ReadingsTopic;
import org.lifelog.gateway.RunningGateway;
import org.lifelog.gateway.format.Decoding;

class DeviceCallsTest {
    private static RunningGateway gateway;
    private static ReadingsTopic topic;

    private final String device = "meter-" + UUID.randomUUID();

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

    @Test
    void aDeviceIsRegisteredChangedAndRead() {
        assertThat(get(device).statusCode()).isEqualTo(404);
        HttpResponse<String> created = put("{\"manufacturer\": \"i-SENS\", \"model\": \"CareSens N\"}");
        assertThat(created.statusCode()).as(created.body()).isEqualTo(201);
        assertThat(put("{\"model\": \"CareSens Air\"}").statusCode()).isEqualTo(200);
        JsonObject read = new JsonObject(get(device).body());
        assertThat(read.getString("device")).isEqualTo(device);
        assertThat(read.containsKey("manufacturer")).isFalse();
        assertThat(read.getString("model")).isEqualTo("CareSens Air");
        assertThat(read.getJsonArray("assignments")).isEmpty();
    }

    @Test
    void theRunningCountsOfADeviceAreDeclaredAndTakenBack() {
        put("{\"counters\": {\"steps\": \"total\", \"distance\": \"daily\"}}");
        assertThat(new JsonObject(get(device).body()).getJsonObject("counters").encode())
                .isEqualTo("{\"distance\":\"daily\",\"steps\":\"total\"}");
        put("{\"model\": \"Band 9\"}");
        assertThat(new JsonObject(get(device).body()).containsKey("counters")).isFalse();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    7                      | Field counters is an object of metrics
                    []                     | Field counters is an object of metrics
                    {"pace": "total"}      | Field counters names a metric that is not in the catalogue
                    {"exercise": "total"}  | Field counters names a metric that is not in the catalogue, or has no running
                    {"steps": "hourly"}    | Field counters.steps is one of [total, daily].
                    {"steps": ["total"]}   | Field counters.steps is one of [total, daily].
                    {"steps": null}        | Field counters.steps is one of [total, daily].
                    """)
    void whatIsNoCounterIsMalformed(String counters, String detail) {
        HttpResponse<String> answer = put("{\"counters\": " + counters + "}");
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(new JsonObject(answer.body()).getString("detail")).startsWith(detail);
        assertThat(get(device).statusCode()).isEqualTo(404);
    }

    @Test
    void thePriorityOfADeviceIsSetAndTakenBack() {
        put("{\"priority\": 100}");
        assertThat(new JsonObject(get(device).body()).getInteger("priority")).isEqualTo(100);
        put("{}");
        assertThat(new JsonObject(get(device).body()).containsKey("priority")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1", "101", "1.5", "\"7\"", "true", "99999999999", "[]"})
    void whatIsNoPriorityIsMalformed(String priority) {
        HttpResponse<String> answer = put("{\"priority\": " + priority + "}");
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(new JsonObject(answer.body()).getString("detail"))
                .isEqualTo("Field priority is a whole number from 0 to 100.");
    }

    @Test
    void aReadingThatNamesOnlyItsDeviceGoesToWhomItIsAssigned() {
        put("{}");
        assign("""
                {"subject": "S-1", "from": "2026-11-24T00:00:00+09:00", "to": "2026-11-24T12:00:00+09:00"}""");
        assign("{\"subject\": \"S-2\", \"from\": \"2026-11-24T12:00:00+09:00\"}");
        topic.skip();
        String reading = Decoding.GOOD.replace("\"subject\": \"S-0042\", ", "").replace("meter-1", device);
        gateway.post(Decoding.batch(
                reading,
                reading.replace("T07:31", "T12:00"),
                reading.replace("2026-11-24", "2026-11-23"),
                reading.replace("T07:31", "T11:59")));
        assertThat(topic.take(4)).allSatisfy(record -> {
            Reading taken = (Reading) record.value();
            String subject = switch (taken.getTime().toString()) {
                case "2026-11-23T22:31:05Z", "2026-11-24T02:59:05Z" -> "S-1";
                case "2026-11-24T03:00:05Z" -> "S-2";
                default -> "~" + device;
            };
            assertThat(taken.getSubject()).isEqualTo(subject);
            assertThat(record.key()).isEqualTo("isens/" + subject);
        });
    }

    @Test
    void anAssignmentIsEndedAndHandedOver() {
        put("{}");
        String from = "{\"subject\": \"S-1\", \"from\": \"2026-11-24T00:00:00Z\"";
        assertThat(assign(from + "}").statusCode()).isEqualTo(201);
        HttpResponse<String> overlap = assign("{\"subject\": \"S-2\", \"from\": \"2026-11-25T00:00:00Z\"}");
        assertThat(overlap.statusCode()).isEqualTo(409);
        assertThat(new JsonObject(overlap.body()).getString("code")).isEqualTo("conflict");
        assertThat(overlap.body()).doesNotContain("S-1").doesNotContain("S-2");
        assertThat(assign(from + ", \"to\": \"2026-11-25T00:00:00Z\"}").statusCode())
                .isEqualTo(201);
        HttpResponse<String> handedOver = assign("{\"subject\": \"S-2\", \"from\": \"2026-11-25T00:00:00Z\"}");
        assertThat(handedOver.statusCode()).isEqualTo(201);
        assertThat(new JsonObject(handedOver.body()).getJsonArray("assignments").encode())
                .isEqualTo("[{\"subject\":\"S-1\",\"from\":\"2026-11-24T00:00:00Z\",\"to\":\"2026-11-25T00:00:00Z\"},"
                        + "{\"subject\":\"S-2\",\"from\":\"2026-11-25T00:00:00Z\"}]");
    }

    @Test
    void anotherReplicaLearnsOfIt() {
        put("{\"model\": \"M\"}");
        try (RunningGateway other = RunningGateway.start()) {
            Awaitility.await()
                    .untilAsserted(() -> assertThat(other.send(other.request(path(device))
                                            .header(
                                                    "Authorization",
                                                    RunningGateway.basic(
                                                            RunningGateway.ISENS, RunningGateway.PASSWORD)))
                                    .statusCode())
                            .isEqualTo(200));
        }
    }

    @Test
    void manyChangesAtATimeAreAllKept() {
        put("{}");
        java.util.stream.IntStream.range(0, 20)
                .parallel()
                .forEach(hour -> assertThat(
                                assign("""
                                {"subject": "S-%d", "from": "2026-11-24T%02d:00:00Z", "to": "2026-11-24T%02d:30:00Z"}""".formatted(hour, hour, hour)).statusCode())
                        .isEqualTo(201));
        assertThat(new JsonObject(get(device).body()).getJsonArray("assignments"))
                .hasSize(20);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "{\"subject\": \"S-1\"}",
                "{\"from\": \"2026-11-24T00:00:00Z\"}",
                "{\"subject\": \"S-1\", \"from\": \"2026-11-24T00:00:00\"}",
                "{\"subject\": \"S-1\", \"from\": 7}",
                "{\"subject\": \"S-1\", \"from\": \"+999999999-12-31T23:59:59Z\"}",
                "{\"subject\": \"S-1\", \"from\": \"-290308-12-21T19:59:05Z\"}",
                "{\"subject\": \"S-1\", \"from\": \"2026-11-24T00:00:00Z\", \"to\": \"+10000-01-01T00:00:00Z\"}",
                "{\"subject\": \"~x\", \"from\": \"2026-11-24T00:00:00Z\"}",
                "{\"subject\": \"900101-1234567\", \"from\": \"2026-11-24T00:00:00Z\"}",
                "{\"subject\": \"S-1\", \"from\": \"2026-11-24T00:00:00Z\", \"to\": \"2026-11-24T00:00:00Z\"}",
                "{\"subject\": \"S-1\", \"from\": \"2026-11-24T00:00:00Z\", \"name\": \"Kim\"}"
            })
    void whatIsNoAssignmentIsMalformed(String body) {
        put("{}");
        HttpResponse<String> answer = assign(body);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
        assertThat(new JsonObject(answer.body()).getString("code")).isEqualTo("malformed");
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "{\"model\": 7}", "{\"model\": \"\"}", "{\"owner\": \"Kim\"}", "{"})
    void whatIsNoDeviceIsMalformed(String body) {
        assertThat(put(body).statusCode()).isEqualTo(400);
        assertThat(get(device).statusCode()).isEqualTo(404);
    }

    @Test
    void anUnknownDeviceIsNotAssigned() {
        assertThat(assign("{\"subject\": \"S-1\", \"from\": \"2026-11-24T00:00:00Z\"}")
                        .statusCode())
                .isEqualTo(404);
        assertThat(get("%7Emeter").statusCode()).isEqualTo(400);
    }

    private static String path(String device) {
        return "/v1/centers/isens/devices/" + device;
    }

    private HttpResponse<String> put(String body) {
        return send("PUT", path(device), body);
    }

    private HttpResponse<String> assign(String body) {
        return send("POST", path(device) + "/assignments", body);
    }

    private static HttpResponse<String> get(String device) {
        return send("GET", path(device), "");
    }

    private static HttpResponse<String> send(String method, String path, String body) {
        return gateway.send(gateway.request(path)
                .header("Authorization", RunningGateway.basic(RunningGateway.ISENS, RunningGateway.PASSWORD))
                .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body)));
    }
}
