package org.lifelog.embedded;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A schema registry (Apicurio Registry 2) with Confluent's REST API, in a process of its own that ends with this one,
 * even if this one is killed. Its storage is a database file in the data directory; a schema has that file before its
 * id is answered, so keep the file together with Kafka's data, whose records name those ids. Where no compatibility is
 * set for a subject it is {@code BACKWARD_TRANSITIVE}.
 */
public final class EmbeddedRegistry implements AutoCloseable {

    private static final String SERVICE = "schema registry";
    private static final Duration START_DEADLINE = Duration.ofMinutes(3);
    private static final Duration STOP_DEADLINE = Duration.ofSeconds(20);
    private static final Duration POLL = Duration.ofMillis(100);

    private final Process process;
    private final ListenAddress address;
    private final Path log;
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();

    private EmbeddedRegistry(Process process, ListenAddress address, Path log) {
        this.process = process;
        this.address = address;
        this.log = log;
    }

    /**
     * Starts the registry and returns when it answers.
     *
     * @param dataDirectory owned by this registry; made if absent. Its output is in {@code registry.log} there
     * @param host name or address of this machine to listen on; no wildcard
     * @param port 0 for any free port
     * @throws PortInUseException if the port is taken
     * @throws IllegalArgumentException if the host cannot be listened on
     * @throws IllegalStateException if its program is not there, or it does not start, or not within 3 minutes
     * @throws UncheckedIOException if the directory cannot be written
     */
    public static EmbeddedRegistry start(Path dataDirectory, String host, int port) {
        RegistryHome home = RegistryHome.find();
        ListenAddress address = ListenAddress.claim(SERVICE, host, port);
        Path directory = dataDirectory.toAbsolutePath();
        Path log = directory.resolve("registry.log");
        EmbeddedRegistry registry;
        try {
            Files.createDirectories(directory);
            Process process = new ProcessBuilder(command(home, directory, address))
                    .directory(directory.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
            registry = new EmbeddedRegistry(process, address, log);
        } catch (IOException e) {
            throw new UncheckedIOException(SERVICE + " did not start in " + directory, e);
        }
        try {
            registry.awaitReady();
            registry.setDefaultCompatibility();
            return registry;
        } catch (RuntimeException e) {
            registry.close();
            throw e;
        }
    }

    /** Base of Confluent's REST API, without a slash at the end: {@code http://host:port/apis/ccompat/v7}. */
    public String url() {
        return "http://" + address + "/apis/ccompat/v7";
    }

    /** The process that runs the registry. */
    public ProcessHandle process() {
        return process.toHandle();
    }

    /** Stops the registry in order and returns when its process has ended; after 20 s it is killed. */
    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(STOP_DEADLINE.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    private static List<String> command(RegistryHome home, Path directory, ListenAddress address) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
        settings(directory, address).forEach((name, value) -> command.add("-D" + name + "=" + value));
        command.addAll(List.of("-cp", RegistryHome.codeSource() + File.pathSeparator + home.runner()));
        command.addAll(List.of(ChildMain.class.getName(), home.mainClass()));
        return command;
    }

    private static Map<String, String> settings(Path directory, ListenAddress address) {
        return Map.ofEntries(
                Map.entry("quarkus.http.host", address.host()),
                Map.entry("quarkus.http.port", Integer.toString(address.port())),
                // WRITE_DELAY=0: what was answered is in the file, not half a second later.
                Map.entry("quarkus.datasource.jdbc.url", "jdbc:h2:file:" + directory.resolve("h2") + ";WRITE_DELAY=0"),
                Map.entry("quarkus.datasource.jdbc.initial-size", "1"),
                Map.entry("quarkus.datasource.jdbc.min-size", "1"),
                Map.entry("quarkus.datasource.jdbc.max-size", "8"),
                Map.entry("quarkus.oidc.tenant-enabled", "false"),
                Map.entry("registry.enable.sentry", "false"),
                Map.entry("quarkus.log.console.color", "false"),
                Map.entry("file.encoding", "UTF-8"));
    }

    private void awaitReady() {
        long deadline = System.nanoTime() + START_DEADLINE.toNanos();
        try {
            while (!process.waitFor(POLL.toMillis(), TimeUnit.MILLISECONDS)) {
                if (answers()) {
                    return;
                }
                if (System.nanoTime() - deadline > 0) {
                    throw new IllegalStateException(
                            SERVICE + " does not answer after " + START_DEADLINE.toSeconds() + " s; see " + log);
                }
            }
            throw new IllegalStateException(
                    SERVICE + " ended at once with exit code " + process.exitValue() + "; see " + log);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(SERVICE + ": interrupted while starting", e);
        }
    }

    private boolean answers() throws InterruptedException {
        try {
            return send(request("/subjects").GET().build()).statusCode() == 200;
        } catch (IOException e) {
            return false;
        }
    }

    private void setDefaultCompatibility() {
        try {
            if (send(request("/config").GET().build()).body().contains("NONE")) {
                HttpResponse<String> answer = send(request("/config")
                        .PUT(HttpRequest.BodyPublishers.ofString("{\"compatibility\":\"BACKWARD_TRANSITIVE\"}"))
                        .build());
                if (answer.statusCode() != 200) {
                    throw new IllegalStateException(
                            SERVICE + " refused the default compatibility: " + answer.statusCode());
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(SERVICE + ": interrupted while starting", e);
        }
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(url() + path))
                .timeout(Duration.ofSeconds(30))
                .header("Content-Type", "application/json");
    }

    private HttpResponse<String> send(HttpRequest request) throws IOException, InterruptedException {
        return http.send(request, HttpResponse.BodyHandlers.ofString());
    }
}
