package org.lifelog.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedRegistryTest {

    private static final String FIRST = schema("{'name':'x','type':'int'}");
    private static final String WIDER = schema("{'name':'x','type':'int'},{'name':'y','type':'int','default':0}");
    private static final String OTHER_TYPE = schema("{'name':'x','type':'string'}");

    private final HttpClient http = HttpClient.newHttpClient();

    @TempDir
    private Path directory;

    @Test
    void idsSurviveRestartAndCompatibilityIsEnforced() throws Exception {
        String first;
        String wider;
        try (EmbeddedRegistry registry = EmbeddedRegistry.start(directory, "127.0.0.1", 0)) {
            assertThat(registry.url()).matches("http://127\\.0\\.0\\.1:\\d+/apis/ccompat/v7");
            first = register(registry, FIRST, 200);
            wider = register(registry, WIDER, 200);
            assertThat(wider).isNotEqualTo(first);
            register(registry, OTHER_TYPE, 409);
        }
        try (EmbeddedRegistry registry = EmbeddedRegistry.start(directory, "127.0.0.1", 0)) {
            assertThat(register(registry, WIDER, 200)).isEqualTo(wider);
            assertThat(register(registry, FIRST, 200)).isEqualTo(first);
            register(registry, OTHER_TYPE, 409);
        }
    }

    @Test
    void closeEndsTheProcess() {
        ProcessHandle process;
        try (EmbeddedRegistry registry = EmbeddedRegistry.start(directory, "127.0.0.1", 0)) {
            process = registry.process();
            assertThat(process.isAlive()).isTrue();
        }
        assertThat(process.isAlive()).isFalse();
    }

    @Test
    void busyPort() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            assertThatThrownBy(() -> EmbeddedRegistry.start(directory, "127.0.0.1", taken.getLocalPort()))
                    .isInstanceOfSatisfying(PortInUseException.class, e -> {
                        assertThat(e.service()).isEqualTo("schema registry");
                        assertThat(e.port()).isEqualTo(taken.getLocalPort());
                    });
        }
    }

    /** The answer, which holds the id. */
    private String register(EmbeddedRegistry registry, String schema, int status) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(registry.url() + "/subjects/readings-value/versions"))
                .header("Content-Type", "application/vnd.schemaregistry.v1+json")
                .POST(HttpRequest.BodyPublishers.ofString(schema))
                .build();
        HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        return answer.body();
    }

    private static String schema(String fields) {
        String avro = "{'type':'record','name':'R','fields':[" + fields + "]}";
        return "{\"schema\":\"" + avro.replace("'", "\\\"") + "\"}";
    }
}
