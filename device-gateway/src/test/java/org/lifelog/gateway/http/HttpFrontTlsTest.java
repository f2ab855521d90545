package org.lifelog.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.math.BigInteger;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.lifelog.embedded.testing.Infrastructure;
import org.lifelog.gateway.Pki;
import org.lifelog.gateway.RunningGateway;
import org.lifelog.gateway.format.Decoding;

class HttpFrontTlsTest {
    @TempDir
    private static Path folder;

    private static Pki pki;
    private static RunningGateway gateway;

    @BeforeAll
    static void start() {
        pki = new Pki(folder);
        Pki.Identity server = pki.identity("CN=gateway");
        RunningGateway.applyTopics(Infrastructure.kafka());
        gateway = new RunningGateway(
                Infrastructure.kafka(),
                Map.of(
                        "LIFELOG_GATEWAY_TLS_CERTIFICATE",
                        pki.write("server.pem", server.certificate()).toString(),
                        "LIFELOG_GATEWAY_TLS_KEY",
                        pki.write("server.key", server.key()).toString(),
                        "LIFELOG_GATEWAY_TLS_CLIENT_CA",
                        pki.authority().toString(),
                        "LIFELOG_GATEWAY_HTTPS_PORT",
                        "0",
                        "LIFELOG_GATEWAY_MQTTS_PORT",
                        "0",
                        "LIFELOG_GATEWAY_RELOAD_INTERVAL",
                        "PT0.1S"));
        gateway.awaitReady();
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    @ParameterizedTest
    @EnumSource(HttpClient.Version.class)
    void readingsComeOverTls(HttpClient.Version version) throws Exception {
        HttpResponse<String> answer = client(Optional.empty(), version)
                .send(
                        readings("isens")
                                .header(
                                        "Authorization",
                                        RunningGateway.basic(RunningGateway.ISENS, RunningGateway.PASSWORD))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(answer.version()).isEqualTo(version);
    }

    @Test
    void aClientCertificateIsACredential() throws Exception {
        Optional<Pki.Identity> known = Optional.of(pki.identity(RunningGateway.CERTIFICATE));
        assertThat(send(known, "isens").statusCode()).isEqualTo(200);
        assertThat(send(known, "kweather").statusCode()).isEqualTo(403);
        HttpResponse<String> unknown = send(Optional.of(pki.identity("CN=Somebody")), "isens");
        assertThat(unknown.statusCode()).isEqualTo(401);
        assertThat(new JsonObject(unknown.body()).getString("code")).isEqualTo("unauthenticated");
        assertThat(send(Optional.empty(), "isens").statusCode()).isEqualTo(401);
    }

    @Test
    void aCertificateOfAnotherAuthorityIsNotLetIn(@TempDir Path elsewhere) {
        Pki.Identity foreign = new Pki(elsewhere).identity(RunningGateway.CERTIFICATE);
        assertThat(org.assertj.core.api.Assertions.catchThrowable(() -> send(Optional.of(foreign), "isens")))
                .isInstanceOf(IOException.class);
    }

    @Test
    void certificatesAreExchangedWithoutARestart() {
        Pki.Identity next = pki.identity("CN=gateway");
        pki.write("server.key", next.key());
        pki.write("server.pem", next.certificate());
        await().untilAsserted(
                        () -> assertThat(serial()).isEqualTo(next.certificate().getSerialNumber()));
    }

    private static BigInteger serial() throws Exception {
        HttpResponse<String> answer = send(Optional.empty(), "isens");
        return ((X509Certificate) answer.sslSession().orElseThrow().getPeerCertificates()[0]).getSerialNumber();
    }

    private static HttpResponse<String> send(Optional<Pki.Identity> identity, String center) throws Exception {
        return client(identity, HttpClient.Version.HTTP_1_1)
                .send(readings(center).build(), HttpResponse.BodyHandlers.ofString());
    }

    private static HttpClient client(Optional<Pki.Identity> identity, HttpClient.Version version) {
        return HttpClient.newBuilder()
                .sslContext(pki.client(identity))
                .version(version)
                .build();
    }

    private static HttpRequest.Builder readings(String center) {
        return HttpRequest.newBuilder(URI.create(
                        "https://127.0.0.1:" + gateway.ports.https() + "/v1/centers/" + center + "/readings"))
                .POST(HttpRequest.BodyPublishers.ofString(Decoding.GOOD));
    }
}
