package org.lifelog.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ManagementTest {
    private final Management management = new Management("127.0.0.1", 0);
    private final HttpClient http = HttpClient.newHttpClient();

    @AfterEach
    void close() {
        management.close();
    }

    @Test
    void aServiceIsReadyWhileAllChecksAreWell() throws Exception {
        management.health().add("kafka", () -> Health.Check.up("the topic is there"));
        HttpResponse<String> answer = get("/health/ready");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("content-type")).contains("application/json");
        assertJson(
                answer.body(),
                "{\"status\":\"UP\",\"checks\":{\"kafka\":{\"ok\":true,\"detail\":\"the topic is there\"}}}");
    }

    @Test
    void oneCheckThatIsDownMakesItUnready() throws Exception {
        management.health().add("kafka", () -> Health.Check.up("well"));
        management.health().add("registry", () -> Health.Check.down("no answer"));
        HttpResponse<String> answer = get("/health/ready");
        assertThat(answer.statusCode()).isEqualTo(503);
        assertJson(
                answer.body(),
                "{\"status\":\"DOWN\",\"checks\":{\"kafka\":{\"ok\":true,\"detail\":\"well\"},"
                        + "\"registry\":{\"ok\":false,\"detail\":\"no answer\"}}}");
    }

    @Test
    void aServiceWithoutAnyCheckYetIsNotReady() throws Exception {
        HttpResponse<String> answer = get("/health/ready");
        assertThat(answer.statusCode()).isEqualTo(503);
        assertJson(answer.body(), "{\"status\":\"DOWN\",\"checks\":{}}");
    }

    @Test
    void livenessDoesNotDependOnChecks() throws Exception {
        management.health().add("kafka", () -> Health.Check.down("no answer"));
        HttpResponse<String> answer = get("/health/live");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("{\"status\":\"UP\"}");
    }

    @Test
    void metersAreInTheFormatOfPrometheus() throws Exception {
        management
                .metrics()
                .counter("lifelog.readings", "center", "isens", "outcome", "acknowledged")
                .increment(3);
        HttpResponse<String> answer = get("/metrics");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("content-type"))
                .hasValueSatisfying(type -> assertThat(type).startsWith("text/plain; version=0.0.4"));
        assertThat(answer.body().lines())
                .contains("lifelog_readings_total{center=\"isens\",outcome=\"acknowledged\"} 3.0")
                .anyMatch(line -> line.startsWith("jvm_memory_used_bytes{"))
                .anyMatch(line -> line.startsWith("process_uptime_seconds "));
    }

    @Test
    void aBusyPortIsNamedWithItsSetting() {
        assertThatExceptionOfType(PortInUseException.class)
                .isThrownBy(() -> new Management("127.0.0.1", management.port()))
                .withMessage("Port " + management.port()
                        + " on 127.0.0.1 is in use by another process. Set management.port to another port.");
    }

    @Test
    void afterCloseThePortIsFree() {
        management.close();
        assertThatExceptionOfType(ConnectException.class).isThrownBy(() -> get("/health/live"));
        new Management("127.0.0.1", management.port()).close();
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return http.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + management.port() + path))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private static void assertJson(String actual, String expected) throws IOException {
        ObjectMapper json = new ObjectMapper();
        assertThat(json.readTree(actual)).isEqualTo(json.readTree(expected));
    }
}
