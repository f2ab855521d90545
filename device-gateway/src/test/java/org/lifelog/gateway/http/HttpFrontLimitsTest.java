package org.lifelog.gateway.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.lifelog.embedded.testing.Infrastructure;
import org.lifelog.gateway.RunningGateway;
import org.lifelog.gateway.format.Decoding;

class HttpFrontLimitsTest {
    private static final String AUTHORIZATION =
            "Authorization: " + RunningGateway.basic(RunningGateway.ISENS, RunningGateway.PASSWORD) + "\r\n";

    private static RunningGateway gateway;

    @BeforeAll
    static void start() {
        RunningGateway.applyTopics(Infrastructure.kafka());
        gateway = new RunningGateway(
                Infrastructure.kafka(),
                Map.of("LIFELOG_GATEWAY_QUOTA_CENTERS", "kweather=1", "LIFELOG_GATEWAY_CONNECTIONS", "50"));
        gateway.awaitReady();
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    @Test
    void overItsQuotaACenterIsToldWhenToComeBackAndNoOtherIsTouched() {
        String reading = Decoding.GOOD;
        String[] batch = new String[100];
        Arrays.fill(batch, reading);
        String batchBody = Decoding.batch(batch);
        HttpResponse<String> answer;
        int taken = 0;
        do {
            answer = kweather(batchBody);
            taken++;
        } while (answer.statusCode() == 200 && taken < 10);
        assertThat(answer.statusCode()).isEqualTo(429);
        assertThat(Integer.parseInt(answer.headers().firstValue("retry-after").orElseThrow()))
                .isBetween(1, 400);
        assertThat(new JsonObject(answer.body()).getString("code")).isEqualTo("quota-exceeded");
        assertThat(gateway.post(Decoding.batch(batch)).statusCode()).isEqualTo(200);
    }

    @Test
    void overItsQuotaACenterIsRefusedBeforeItsBodyIsSent() throws IOException {
        String burst = Decoding.batch(Collections.nCopies(100, Decoding.GOOD).toArray(String[]::new));
        assertThat(Stream.generate(() -> kweather(burst).statusCode()).limit(10))
                .contains(429);
        String credential = RunningGateway.basic(RunningGateway.KWEATHER, RunningGateway.PASSWORD);
        for (String call : List.of("readings", "fhir", "openmhealth")) {
            try (RawHttp client = new RawHttp(gateway.ports.http())) {
                String request = "POST /v1/centers/kweather/" + call + " HTTP/1.1\r\nHost: a\r\nAuthorization: "
                        + credential + "\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n";
                assertThat(client.send(request).readUntil(" 429 ")).isEqualTo("HTTP/1.1 429 ");
                assertThat(client.send("{}").send(request).readUntil(" 429 ")).endsWith("HTTP/1.1 429 ");
            }
        }
    }

    private static HttpResponse<String> kweather(String body) {
        return gateway.post(
                gateway.request("/v1/centers/kweather/readings")
                        .header(
                                "Authorization",
                                RunningGateway.basic(RunningGateway.KWEATHER, RunningGateway.PASSWORD)),
                body.getBytes(UTF_8));
    }

    @Test
    void tooLargeABodyIsRefusedBeforeItIsSent() throws IOException {
        try (RawHttp client = new RawHttp(gateway.ports.http())) {
            client.send("POST /v1/centers/isens/readings HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\n"
                    + AUTHORIZATION + "Content-Length: 99999999\r\n\r\n");
            assertThat(client.readUntil("}")).startsWith("HTTP/1.1 413 ").contains("\"code\":\"too-large\"");
        }
    }

    @Test
    void aBodyIsAskedForOnlyWhenTheCredentialIsRight() throws IOException {
        String start = "POST /v1/centers/isens/readings HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: "
                + Decoding.GOOD.length() + "\r\n";
        try (RawHttp client = new RawHttp(gateway.ports.http())) {
            client.send(start + "\r\n");
            assertThat(client.readUntil("}")).startsWith("HTTP/1.1 401 ");
        }
        try (RawHttp client = new RawHttp(gateway.ports.http())) {
            client.send(start + AUTHORIZATION + "\r\n");
            assertThat(client.readUntil("\r\n\r\n")).startsWith("HTTP/1.1 100 ");
            client.send(Decoding.GOOD);
            assertThat(client.readUntil("}")).startsWith("HTTP/1.1 200 ");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"GARBAGE\r\n\r\n", "\u0016\u0003\u0001 TLS where there is none\r\n\r\n"})
    void whatIsNotHttpIsMalformed(String text) throws IOException {
        try (RawHttp client = new RawHttp(gateway.ports.http())) {
            assertThat(client.send(text).readToEnd())
                    .startsWith("HTTP/1.")
                    .contains(" 400 ")
                    .contains("\"code\":\"malformed\"");
        }
    }

    /** The sender's words are no version for the answer. */
    @ParameterizedTest
    @ValueSource(strings = {"HTTQ/1.1", "HTtP/1.1", "HTTP/3.9", "HTT\u00BA\u00C5/1.1"})
    void whatIsNoVersionIsMalformed(String version) throws IOException {
        try (RawHttp client = new RawHttp(gateway.ports.http())) {
            client.send("GET /v1/centers/isens/rejections " + version + "\r\nHost: a\r\n" + AUTHORIZATION + "\r\n");
            assertThat(client.readToEnd()).startsWith("HTTP/1.1 400 ").contains("\"code\":\"malformed\"");
        }
    }

    @Test
    void endlessHeadersAreTooLarge() throws IOException {
        try (RawHttp client = new RawHttp(gateway.ports.http())) {
            client.send("POST / HTTP/1.1\r\nX: " + "x".repeat(20_000) + "\r\n\r\n");
            assertThat(client.readUntil("}")).startsWith("HTTP/1.1 413 ").contains("\"code\":\"too-large\"");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"depth", "number", "text"})
    void whatIsTooDeepOrTooLongIsTooLarge(String what) {
        String body = switch (what) {
            case "depth" -> "{\"readings\": " + "[".repeat(100_000);
            case "number" -> Decoding.GOOD.replace("6.4", "1".repeat(100_000));
            default -> Decoding.GOOD.replace("S-0042", "S".repeat(100_000));
        };
        HttpResponse<String> answer = gateway.post(body);
        assertThat(answer.statusCode()).as(what).isEqualTo(413);
        assertThat(new JsonObject(answer.body()).getString("code")).isEqualTo("too-large");
    }

    /** A sender that drips its header for ever would hold its connection for ever. */
    @Test
    void aConnectionWithoutARequestIsClosed() throws IOException {
        try (RawHttp client = new RawHttp(gateway.ports.http())) {
            assertThat(client.send("POST / HTT").readToEnd()).isEmpty();
        }
    }

    @Test
    void moreConnectionsThanAllowedAreClosed() throws IOException {
        RawHttp[] clients = new RawHttp[60];
        try {
            for (int i = 0; i < clients.length; i++) {
                clients[i] = new RawHttp(gateway.ports.http());
            }
            assertThat(clients[59].readToEnd()).isEmpty();
        } finally {
            for (RawHttp client : clients) {
                client.close();
            }
        }
    }
}
