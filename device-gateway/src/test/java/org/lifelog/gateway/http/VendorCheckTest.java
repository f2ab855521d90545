package org.lifelog.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.lifelog.embedded.testing.Infrastructure;
import org.lifelog.gateway.RunningGateway;
import org.lifelog.gateway.access.Issuer;
import org.lifelog.gateway.format.Decoding;

class VendorCheckTest {
    private static Issuer issuer;
    private static RunningGateway gateway;

    @BeforeAll
    static void start() {
        issuer = new Issuer();
        RunningGateway.applyTopics(Infrastructure.kafka());
        gateway = new RunningGateway(
                Infrastructure.kafka(),
                Map.of(
                        "LIFELOG_GATEWAY_JWT_KEYS",
                        issuer.keys().toString(),
                        "LIFELOG_GATEWAY_JWT_ISSUER",
                        Issuer.NAME));
        gateway.awaitReady();
    }

    @AfterAll
    static void stop() {
        gateway.close();
        issuer.close();
    }

    @Test
    void aTokenIsACredentialOfItsCenters() {
        Instant later = Instant.now().plus(Duration.ofHours(1));
        String bearer = "Bearer " + issuer.token(Issuer.claims(later).build());
        assertThat(send("isens", "Authorization", bearer).statusCode()).isEqualTo(200);
        assertThat(send("goodoc", "Authorization", bearer).statusCode()).isEqualTo(200);
        assertThat(send("kweather", "Authorization", bearer).statusCode()).isEqualTo(403);
        String expired =
                issuer.token(Issuer.claims(Instant.now().minusSeconds(120)).build());
        assertThat(send("isens", "Authorization", "Bearer " + expired).statusCode())
                .isEqualTo(401);
    }

    @Test
    void anApiSecretIsACredentialOfItsCenter() {
        assertThat(send("isens", "api-secret", RunningGateway.API_SECRET).statusCode())
                .isEqualTo(200);
        assertThat(send("kweather", "api-secret", RunningGateway.API_SECRET).statusCode())
                .isEqualTo(401);
        assertThat(send("isens", "api-secret", RunningGateway.API_SECRET.replace('a', 'b'))
                        .statusCode())
                .isEqualTo(401);
    }

    @Test
    void whoTriesPasswordsIsSlowedDown() {
        String wrong = RunningGateway.basic("guessed", "wrong");
        for (int i = 0; i < 10; i++) {
            assertThat(send("isens", "Authorization", wrong).statusCode()).isEqualTo(401);
        }
        HttpResponse<String> answer = send("isens", "Authorization", wrong);
        assertThat(answer.statusCode()).isEqualTo(429);
        assertThat(answer.headers().firstValue("retry-after")).contains("60");
        assertThat(new JsonObject(answer.body()).getString("code")).isEqualTo("quota-exceeded");
        String right = RunningGateway.basic(RunningGateway.ISENS, RunningGateway.PASSWORD);
        assertThat(send("isens", "Authorization", right).statusCode()).isEqualTo(200);
    }

    private static HttpResponse<String> send(String center, String header, String value) {
        return gateway.send(gateway.request("/v1/centers/" + center + "/readings")
                .header(header, value)
                .POST(BodyPublishers.ofString(Decoding.GOOD)));
    }
}
