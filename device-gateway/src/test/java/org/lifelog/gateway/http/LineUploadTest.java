package org.lifelog.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.luben.zstd.Zstd;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.lifelog.avro.Reading;
import org.lifelog.embedded.testing.Infrastructure;
import org.lifelog.gateway.ReadingsTopic;
import org.lifelog.gateway.RunningGateway;
import org.lifelog.gateway.format.Decoding;

class LineUploadTest {
    private static final String HEADERS = "POST /v1/centers/isens/readings HTTP/1.1\r\nHost: a\r\nConnection: close\r\n"
            + "Content-Type: application/x-ndjson\r\nTransfer-Encoding: chunked\r\nAuthorization: "
            + RunningGateway.basic(RunningGateway.ISENS, RunningGateway.PASSWORD) + "\r\n\r\n";

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

    @Test
    void linesAreInKafkaBeforeTheLastOneIsSent() throws IOException {
        try (RawHttp client = new RawHttp(gateway.ports.http())) {
            client.send(HEADERS).chunk(line(1) + line(2));
            assertThat(topic.takeReadings(2)).extracting(Reading::getSequence).containsExactly(1L, 2L);
            client.chunk("{broken\n" + line(3).stripTrailing()).chunk("");
            JsonObject receipt = new JsonObject(client.readToEnd().replaceFirst("(?s).*\r\n\r\n", ""));
            assertThat(receipt.getInteger("accepted")).isEqualTo(3);
            assertThat(receipt.getJsonArray("problems").getJsonObject(0).getInteger("index"))
                    .isEqualTo(2);
            assertThat(receipt.getJsonArray("problems").getJsonObject(0).getString("code"))
                    .isEqualTo("malformed");
            assertThat(topic.takeReadings(1)).extracting(Reading::getSequence).containsExactly(3L);
        }
    }

    @Test
    void thousandsKeepTheirOrder() {
        StringBuilder lines = new StringBuilder();
        IntStream.range(0, 5_000).forEach(i -> lines.append(line(i)));
        HttpResponse<String> answer = post(lines.toString().getBytes(StandardCharsets.UTF_8), "identity");
        assertThat(new JsonObject(answer.body())).isEqualTo(new JsonObject("{\"accepted\": 5000}"));
        assertThat(topic.takeReadings(5_000))
                .extracting(Reading::getSequence)
                .isEqualTo(IntStream.range(0, 5_000).mapToObj(i -> (long) i).toList());
    }

    @Test
    void anEndlessLineIsTooLarge() throws IOException {
        try (RawHttp client = new RawHttp(gateway.ports.http())) {
            client.send(HEADERS);
            String piece = "x".repeat(64 << 10);
            for (int i = 0; i < 17; i++) {
                client.chunk(piece);
            }
            String answer = client.readUntil("}");
            assertThat(answer).startsWith("HTTP/1.1 413 ").contains("\"code\":\"too-large\"");
        }
    }

    @Test
    void zstdIsTaken() {
        HttpResponse<String> answer = post(Zstd.compress((line(1) + line(2)).getBytes(StandardCharsets.UTF_8)), "zstd");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(topic.takeReadings(2)).extracting(Reading::getSequence).containsExactly(1L, 2L);
        assertThat(post("no zstd".getBytes(StandardCharsets.UTF_8), "zstd").statusCode())
                .isEqualTo(400);
    }

    private static HttpResponse<String> post(byte[] body, String encoding) {
        return gateway.post(
                gateway.readings()
                        .header("Content-Type", "application/x-ndjson")
                        .header("Content-Encoding", encoding),
                body);
    }

    private static String line(int sequence) {
        return Decoding.GOOD.replace("311", "" + sequence) + "\n";
    }
}
