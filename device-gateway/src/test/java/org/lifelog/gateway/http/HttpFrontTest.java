package org.lifelog.gateway.http;

import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.apache.avro.generic.IndexedRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.lifelog.avro.Limit;
import org.lifelog.avro.Reading;
import org.lifelog.embedded.testing.Infrastructure;
import org.lifelog.gateway.ReadingsTopic;
import org.lifelog.gateway.RunningGateway;
import org.lifelog.gateway.format.Decoding;

class HttpFrontTest {
    private static final String BAD = Decoding.GOOD.replace("mmol/L", "mmol");

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

    /** What is refused over HTTP leaves nothing in Kafka; what is accepted was taken by its test. */
    @AfterEach
    void nothingIsLeft() {
        topic.assertNothingMore();
    }

    @Test
    void uploadIsAcknowledgedOnceKafkaHasIt() {
        Instant before = Instant.now();
        HttpResponse<String> answer = gateway.post(Decoding.batch(Decoding.GOOD, """
                {"subject": "S-0043", "device": "band-17", "metric": "glucose_cgm", "value": "LOW", "unit": "mg/dL",
                 "time": "2026-11-24T07:00:00.000001Z", "end": "2026-11-24T07:05:00Z"}"""));
        assertAnswer(answer, 200, "{\"accepted\": 2}");

        List<ConsumerRecord<String, IndexedRecord>> records = topic.take(2);
        assertThat(records).extracting(ConsumerRecord::key).containsExactlyInAnyOrder("isens/S-0042", "isens/S-0043");
        Reading first = reading(records, "isens/S-0042");
        Reading second = reading(records, "isens/S-0043");
        assertThat(first.getReceivedAt()).isBetween(before.minusNanos(1_000), Instant.now());
        assertThat(second.getReceivedAt()).isEqualTo(first.getReceivedAt());
        assertThat(first)
                .isEqualTo(Reading.newBuilder()
                        .setCenter("isens")
                        .setSubject("S-0042")
                        .setDevice("meter-1")
                        .setVendor("isens-vendor")
                        .setMetric("glucose_smbg")
                        .setAttributes("meal=fasting")
                        .setValue(6.4)
                        .setUnit("mmol/L")
                        .setTime(Instant.parse("2026-11-23T22:31:05Z"))
                        .setOffsetSeconds(32_400)
                        .setSequence(311L)
                        .setReceivedAt(first.getReceivedAt())
                        .build());
        assertThat(second.getValue()).isNaN();
        second.setValue(0);
        assertThat(second)
                .isEqualTo(Reading.newBuilder()
                        .setCenter("isens")
                        .setSubject("S-0043")
                        .setDevice("band-17")
                        .setVendor("isens-vendor")
                        .setMetric("glucose_cgm")
                        .setValue(0)
                        .setUnit("mg/dL")
                        .setLimit(Limit.LOW)
                        .setTime(Instant.parse("2026-11-24T07:00:00.000001Z"))
                        .setEnd(Instant.parse("2026-11-24T07:05:00Z"))
                        .setOffsetSeconds(0)
                        .setReceivedAt(first.getReceivedAt())
                        .build());
    }

    @Test
    void partOfABatchIsAcceptedWithTheProblemsOfTheRest() {
        assertAnswer(gateway.post(Decoding.batch(BAD, Decoding.GOOD)), 207, """
                {"accepted": 1, "refused": 1, "problems": [{"index": 0, "code": "unit-not-allowed", "detail":
                 "Metric glucose_smbg is sent in one of the UCUM units [mg/dL, mmol/L, kg/L, mol/L]."}]}""");
        assertThat(topic.takeReadings(1)).extracting(Reading::getUnit).containsExactly("mmol/L");
    }

    @Test
    void whereNothingIsAcceptedTheReceiptIs422() {
        HttpResponse<String> answer = gateway.post(Decoding.batch(BAD));
        assertThat(answer.statusCode()).isEqualTo(422);
        assertThat(new JsonObject(answer.body()).getInteger("accepted")).isZero();
        assertThat(new JsonObject(answer.body()).getInteger("refused")).isEqualTo(1);
    }

    @Test
    void aThousandReadingsOfOneSubjectKeepTheirOrder() {
        String[] readings = new String[1_000];
        Arrays.setAll(readings, i -> Decoding.GOOD.replace("311", "" + i));
        assertAnswer(gateway.post(Decoding.batch(readings)), 200, "{\"accepted\": 1000}");
        List<Reading> read = topic.takeReadings(1_000);
        for (int i = 0; i < 1_000; i++) {
            assertThat(read.get(i).getSequence()).isEqualTo(i);
        }
    }

    @Test
    void linesAreAcceptedWhereTheyAreAnnounced() {
        String lines = Decoding.GOOD + "\n" + Decoding.GOOD.replace("311", "312") + "\n";
        HttpResponse<String> answer = gateway.post(
                gateway.readings().header("Content-Type", "application/x-ndjson; charset=utf-8"),
                lines.getBytes(UTF_8));
        assertAnswer(answer, 200, "{\"accepted\": 2}");
        assertThat(topic.takeReadings(2)).extracting(Reading::getSequence).containsExactly(311L, 312L);
        assertProblem(gateway.post(lines), 400, "malformed");
    }

    @Test
    void gzipIsAccepted() throws IOException {
        byte[] body = gzip(Decoding.batch(Decoding.GOOD).getBytes(UTF_8));
        HttpResponse<String> answer = gateway.post(
                gateway.readings().header("Content-Encoding", "gzip").header("Content-Type", "application/json"), body);
        assertAnswer(answer, 200, "{\"accepted\": 1}");
        assertThat(topic.takeReadings(1)).extracting(Reading::getSubject).containsExactly("S-0042");
        assertProblem(
                gateway.post(
                        gateway.readings().header("Content-Encoding", "gzip"), Arrays.copyOf(body, body.length / 2)),
                400,
                "malformed");
    }

    @Test
    void aBombIsTooLarge() throws IOException {
        byte[] bomb = gzip(new byte[200 << 20]);
        assertThat(bomb).hasSizeLessThan(1 << 20);
        assertProblem(gateway.post(gateway.readings().header("Content-Encoding", "gzip"), bomb), 413, "too-large");
    }

    @Test
    void moreThanAMebibyteIsTooLarge() {
        byte[] body = Arrays.copyOf(Decoding.GOOD.getBytes(UTF_8), (1 << 20) + 1);
        Arrays.fill(body, Decoding.GOOD.length(), body.length, (byte) ' ');
        assertProblem(gateway.post(gateway.readings(), body), 413, "too-large");
        assertAnswer(gateway.post(gateway.readings(), Arrays.copyOf(body, 1 << 20)), 200, "{\"accepted\": 1}");
        topic.take(1);
    }

    @ParameterizedTest
    @CsvSource({
        "Content-Type, text/csv",
        "Content-Type, application/jsonlines",
        "Content-Type, multipart/form-data; boundary=x",
        "Content-Type, application/x-www-form-urlencoded",
        "Content-Encoding, br",
        "Content-Encoding, 'gzip, gzip'"
    })
    void otherTypesAndEncodingsAreNotSupported(String header, String value) {
        assertProblem(
                gateway.post(gateway.readings().header(header, value), Decoding.GOOD.getBytes(UTF_8)),
                415,
                "unsupported-media-type");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"{ | malformed", "'' | empty-batch", "{\"readings\": []} | empty-batch", "[] | malformed"})
    void whatHoldsNoReadingIsABadRequest(String body, String code) {
        assertProblem(gateway.post(body), 400, code);
    }

    @Test
    void aTextThatIsNotUtf8IsABadRequest() {
        assertProblem(gateway.post(gateway.readings(), BAD.getBytes(UTF_16LE)), 400, "malformed");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Bearer abc", "Basic", "Basic ***", "Basic YQ=="})
    void withoutACredentialNothingIsTaken(String header) {
        var request = gateway.request("/v1/centers/isens/readings");
        if (!header.isEmpty()) {
            request.header("Authorization", header);
        }
        HttpResponse<String> answer = gateway.post(request, Decoding.GOOD.getBytes(UTF_8));
        assertProblem(answer, 401, "unauthenticated");
        assertThat(answer.headers().firstValue("www-authenticate"))
                .contains("Basic realm=\"lifelog\", charset=\"UTF-8\"");
    }

    @ParameterizedTest
    @CsvSource({"isens-vendor, wrong", "isens-vendor, ''", "nobody, correct horse: 한글"})
    void aWrongCredentialIsRefused(String username, String password) {
        var request = gateway.request("/v1/centers/isens/readings")
                .header("Authorization", RunningGateway.basic(username, password));
        assertProblem(gateway.post(request, Decoding.GOOD.getBytes(UTF_8)), 401, "unauthenticated");
    }

    @Test
    void theCredentialOfAnotherCenterIsRefused() {
        var request = gateway.request("/v1/centers/isens/readings")
                .header("Authorization", RunningGateway.basic(RunningGateway.KWEATHER, RunningGateway.PASSWORD));
        assertProblem(gateway.post(request, Decoding.GOOD.getBytes(UTF_8)), 403, "forbidden");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1/centers/elsewhere/readings", "/v1/centers/isens/writings", "/", "/v2"})
    void whatIsNotThereIsNotFound(String path) {
        var request = gateway.request(path)
                .header("Authorization", RunningGateway.basic(RunningGateway.ISENS, RunningGateway.PASSWORD));
        assertProblem(gateway.post(request, Decoding.GOOD.getBytes(UTF_8)), 404, "not-found");
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "PUT", "DELETE", "PATCH"})
    void readingsAreOnlyPosted(String method) {
        HttpResponse<String> answer = gateway.send(gateway.readings().method(method, BodyPublishers.noBody()));
        assertProblem(answer, 405, "method-not-allowed");
        assertThat(answer.headers().firstValue("allow")).contains("POST");
    }

    /** A client library would not send it. */
    @ParameterizedTest
    @CsvSource({"%zz, a", "isens, a%", "isens, a%2", "isens, %", "isens, a%zz"})
    void aPathOrAHostThatCannotBeDecodedIsABadRequest(String center, String host) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", gateway.ports.http())) {
            String request = "POST /v1/centers/" + center + "/readings HTTP/1.1\r\nHost: " + host
                    + "\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(UTF_8));
            assertThat(new String(socket.getInputStream().readAllBytes(), UTF_8))
                    .startsWith("HTTP/1.1 400 ")
                    .contains("\"code\":\"malformed\"");
        }
    }

    @Test
    void theSendersTraceGoesIntoKafka() {
        String sent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
        gateway.post(gateway.readings().header("traceparent", sent), Decoding.GOOD.getBytes(UTF_8));
        gateway.post(Decoding.GOOD);
        assertThat(topic.take(2))
                .extracting(record ->
                        new String(record.headers().lastHeader("traceparent").value(), UTF_8))
                .satisfiesExactly(
                        first -> assertThat(first).isEqualTo(sent),
                        second -> assertThat(second).matches("00-[0-9a-f]{32}-[0-9a-f]{16}-00"));
    }

    @Test
    void everyReadingIsCountedByItsOutcome() {
        String readings = "lifelog_readings_total{center=\"isens\",outcome=";
        double acknowledged = gateway.meter(readings + "\"acknowledged\"}");
        double refused = gateway.meter(readings + "\"refused\"}");
        gateway.post(Decoding.batch(Decoding.GOOD, BAD, BAD, Decoding.GOOD, BAD));
        topic.take(2);
        assertThat(gateway.meter(readings + "\"acknowledged\"}") - acknowledged).isEqualTo(2);
        assertThat(gateway.meter(readings + "\"refused\"}") - refused).isEqualTo(3);
    }

    private static Reading reading(List<ConsumerRecord<String, IndexedRecord>> records, String key) {
        return records.stream()
                .filter(record -> record.key().equals(key))
                .map(record -> (Reading) record.value())
                .findFirst()
                .orElseThrow();
    }

    private static void assertAnswer(HttpResponse<String> answer, int status, String body) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(answer.headers().firstValue("content-type")).contains("application/json");
        assertThat(new JsonObject(answer.body())).isEqualTo(new JsonObject(body));
    }

    private static void assertProblem(HttpResponse<String> answer, int status, String code) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(answer.headers().firstValue("content-type")).contains("application/problem+json");
        JsonObject problem = new JsonObject(answer.body());
        assertThat(problem.getInteger("status")).isEqualTo(status);
        assertThat(problem.getString("code")).isEqualTo(code);
        assertThat(problem.getString("detail")).endsWith(".").doesNotContain("S-0042");
    }

    private static byte[] gzip(byte[] plain) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(plain);
        }
        return out.toByteArray();
    }
}
