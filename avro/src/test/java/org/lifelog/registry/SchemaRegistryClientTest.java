package org.lifelog.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.lifelog.embedded.testing.Infrastructure;

class SchemaRegistryClientTest {
    private final SchemaRegistryClient client = new SchemaRegistryClient(Infrastructure.registryUrl());

    @Test
    void aSchemaIsFoundUnderTheIdOfItsRegistration() {
        int id = client.register("client-register-value", Example.MOOD);
        assertThat(id).isPositive();
        SchemaRegistryClient another = new SchemaRegistryClient(Infrastructure.registryUrl());
        assertThat(another.schema(id)).isEqualTo(Example.MOOD);
        assertThat(another.lookUp("client-register-value", Example.MOOD)).contains(id);
        assertThat(another.register("client-register-value", Example.MOOD)).isEqualTo(id);
        assertThat(another.versionsOf("client-register-value")).containsExactly(1);
    }

    @Test
    void theLatestVersionIsTheLastRegistered() {
        client.register("client-latest-value", Example.MOOD);
        client.register("client-latest-value", Example.MOOD_WITH_NOTE);
        assertThat(client.latest("client-latest-value")).contains(Example.MOOD_WITH_NOTE);
        assertThat(client.versionsOf("client-latest-value")).containsExactly(1, 2);
    }

    @Test
    void whatIsNotThereIsNothing() {
        assertThat(client.latest("client-none-value")).isEmpty();
        assertThat(client.lookUp("client-none-value", Example.MOOD)).isEmpty();
        assertThat(client.versionsOf("client-none-value")).isEmpty();
        assertThat(client.compatibility("client-none-value")).isEmpty();
    }

    @Test
    void compatibilityIsSetPerSubject() {
        client.register("client-compatibility-value", Example.MOOD);
        client.setCompatibility("client-compatibility-value", "BACKWARD_TRANSITIVE");
        assertThat(client.compatibility("client-compatibility-value")).contains("BACKWARD_TRANSITIVE");
    }

    @Test
    void anIncompatibleSchemaIsRefused() {
        client.register("client-incompatible-value", Example.MOOD);
        client.setCompatibility("client-incompatible-value", "BACKWARD_TRANSITIVE");
        Schema other = SchemaBuilder.record("Mood")
                .namespace("org.example")
                .fields()
                .requiredString("score")
                .endRecord();
        assertThatExceptionOfType(SchemaRegistryException.class)
                .isThrownBy(() -> client.register("client-incompatible-value", other))
                .withMessageContaining("409")
                .withMessageEndingWith("The schema is not compatible with the versions before it.")
                .satisfies(e -> {
                    assertThat(e.status()).isEqualTo(409);
                    assertThat(e.passing()).isFalse();
                });
    }

    @Test
    void anUnknownIdIsALastingFault() {
        assertThatExceptionOfType(SchemaRegistryException.class)
                .isThrownBy(() -> client.schema(999_999))
                .satisfies(e -> {
                    assertThat(e.status()).isEqualTo(404);
                    assertThat(e.errorCode()).isEqualTo(40403);
                    assertThat(e.passing()).isFalse();
                });
    }

    @Test
    void subjectsMayHoldWhatMustBeEncoded() {
        client.register("client/odd subject?-value", Example.MOOD);
        assertThat(client.latest("client/odd subject?-value")).contains(Example.MOOD);
    }

    @Test
    void whatIsKnownIsNotAskedAgain() {
        try (HttpStub stub = new HttpStub().answering(200, "{\"id\":7}")) {
            SchemaRegistryClient cached = new SchemaRegistryClient(stub.url());
            assertThat(cached.register("a-value", Example.MOOD)).isEqualTo(7);
            assertThat(cached.register("a-value", Example.MOOD)).isEqualTo(7);
            assertThat(cached.lookUp("a-value", Example.MOOD)).contains(7);
            assertThat(cached.schema(7)).isEqualTo(Example.MOOD);
            assertThat(stub.asked())
                    .extracting(HttpStub.Asked::call)
                    .containsExactly("POST /subjects/a-value/versions");
        }
    }

    @Test
    void whatIsNotThereIsAskedAgain() {
        try (HttpStub stub =
                new HttpStub().answering(404, "{\"error_code\":40401}").answering(200, "{\"id\":7}")) {
            SchemaRegistryClient cached = new SchemaRegistryClient(stub.url());
            assertThat(cached.lookUp("a-value", Example.MOOD)).isEmpty();
            assertThat(cached.lookUp("a-value", Example.MOOD)).contains(7);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {408, 429, 500, 503})
    void aPassingFaultIsTriedAgain(int status) {
        try (HttpStub stub = new HttpStub().answering(status, "").answering(200, "{\"id\":7}")) {
            assertThat(new SchemaRegistryClient(stub.url()).register("a-value", Example.MOOD))
                    .isEqualTo(7);
            assertThat(stub.asked()).hasSize(2);
        }
    }

    @Test
    void afterAllRepetitionsTheLastAnswerIsTold() {
        try (HttpStub stub = new HttpStub().answering(503, "<html>busy</html>")) {
            SchemaRegistryClient impatient =
                    client(Map.of(SchemaRegistryConfig.URL, stub.url(), SchemaRegistryConfig.MAX_RETRIES, "1"));
            assertThatExceptionOfType(SchemaRegistryException.class)
                    .isThrownBy(() -> impatient.latest("a-value"))
                    .withMessage("The schema registry answered 503 to GET " + stub.url()
                            + "/subjects/a-value/versions/latest")
                    .satisfies(e -> assertThat(e.passing()).isTrue());
            assertThat(stub.asked()).hasSize(2);
        }
    }

    @Test
    void aRefusalIsNotTriedAgain() {
        try (HttpStub stub = new HttpStub().answering(422, "{\"error_code\":42201,\"message\":\"Invalid schema\"}")) {
            assertThatExceptionOfType(SchemaRegistryException.class)
                    .isThrownBy(() -> new SchemaRegistryClient(stub.url()).register("a-value", Example.MOOD))
                    .withMessageContaining("422")
                    .withMessageEndingWith(": Invalid schema")
                    .satisfies(e -> assertThat(e.errorCode()).isEqualTo(42201));
            assertThat(stub.asked()).hasSize(1);
        }
    }

    @Test
    void theSecondAddressIsTakenAndKeptWhereTheFirstIsDown() throws IOException {
        try (HttpStub busy = new HttpStub().answering(503, "");
                HttpStub stub = new HttpStub().answering(200, "{\"id\":7}").answering(200, "[1]")) {
            SchemaRegistryClient both =
                    new SchemaRegistryClient("http://127.0.0.1:" + closedPort() + "," + busy.url() + "," + stub.url());
            assertThat(both.register("a-value", Example.MOOD)).isEqualTo(7);
            assertThat(both.versionsOf("a-value")).containsExactly(1);
            assertThat(busy.asked()).hasSize(1);
            assertThat(stub.asked()).hasSize(2);
        }
    }

    @Test
    void noAnswerAtAllNamesTheAddressAndTheSetting() throws IOException {
        String url = "http://127.0.0.1:" + closedPort();
        SchemaRegistryClient lost =
                client(Map.of(SchemaRegistryConfig.URL, url, SchemaRegistryConfig.MAX_RETRIES, "0"));
        assertThatExceptionOfType(SchemaRegistryException.class)
                .isThrownBy(() -> lost.schema(1))
                .withMessageContaining(url)
                .withMessageContaining("schema.registry.url")
                .satisfies(e -> {
                    assertThat(e.status()).isEqualTo(SchemaRegistryException.NO_ANSWER);
                    assertThat(e.passing()).isTrue();
                });
    }

    @Test
    void aWrongCredentialNamesItsSettingAndNotItself() {
        try (HttpStub stub = new HttpStub().answering(401, "{\"error_code\":401,\"message\":\"Unauthorized\"}")) {
            assertThatExceptionOfType(SchemaRegistryException.class)
                    .isThrownBy(() -> client(credential(stub.url(), "USER_INFO", "reader:wrong"))
                            .schema(1))
                    .withMessageContaining("401")
                    .withMessageContaining("basic.auth.user.info")
                    .withMessageNotContaining("wrong");
        }
    }

    @Test
    void theCredentialComesFromItsSetting() {
        assertThat(sent("http://", "USER_INFO", "reader:secret word")).isEqualTo(basic("reader:secret word"));
    }

    @Test
    void theCredentialComesFromTheAddress() {
        assertThat(sent("http://reader:p%40ss@", "URL", "")).isEqualTo(basic("reader:p@ss"));
    }

    @Test
    void withoutACredentialNoneIsSent() {
        assertThat(sent("http://", "URL", "not:used")).isEqualTo("none");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ftp://registry:8081", "registry:8081", "registry"})
    void whatIsNoWebAddressIsRefused(String url) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new SchemaRegistryClient(url))
                .withMessageContaining("schema.registry.url")
                .withMessageContaining("is not an http or https address");
    }

    private static String sent(String before, String source, String userInfo) {
        try (HttpStub stub = new HttpStub().answering(200, "[1]")) {
            client(credential(before + stub.address() + "/", source, userInfo)).versionsOf("a-value");
            return stub.asked().get(0).authorization().orElse("none");
        }
    }

    private static Map<String, String> credential(String url, String source, String userInfo) {
        return Map.of(
                SchemaRegistryConfig.URL, url,
                SchemaRegistryConfig.CREDENTIALS_SOURCE, source,
                SchemaRegistryConfig.USER_INFO, userInfo);
    }

    private static SchemaRegistryClient client(Map<String, String> settings) {
        return new SchemaRegistryClient(new SchemaRegistryConfig(settings));
    }

    private static String basic(String credential) {
        return "Basic " + Base64.getEncoder().encodeToString(credential.getBytes(StandardCharsets.UTF_8));
    }

    private static int closedPort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
