package org.lifelog.sink;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.lifelog.embedded.testing.Infrastructure;

/** The service as a process of its own. */
final class SinkProcess implements AutoCloseable {
    private final HttpClient http = HttpClient.newHttpClient();
    private final int port = freePort();
    private final Process process;

    /**
     * Starts it.
     *
     * @param folder takes its configuration and its log
     * @param options of the database sessions, such as {@code -c lock_timeout=1s}; empty for those of the service
     * @param settings more lines of its configuration
     */
    SinkProcess(
            Path folder,
            String kafka,
            String url,
            String username,
            String password,
            String options,
            String... settings) {
        List<String> lines = new ArrayList<>(List.of(settings));
        lines.add("management.port=" + port);
        lines.add("kafka.bootstrap.servers=" + kafka);
        lines.add("schema.registry.url=" + Infrastructure.registryUrl());
        lines.add("database.url=" + url + (options.isEmpty() ? "" : parameter(url, options)));
        lines.add("database.username=" + username);
        lines.add("database.password=" + password);
        lines.add("kafka.consumer.session.timeout.ms=6000");
        try {
            Path config = Files.write(folder.resolve("sink-" + port + ".properties"), lines);
            process = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-Xmx256m",
                            "-cp",
                            System.getProperty("java.class.path"),
                            Sink.class.getName(),
                            "--config",
                            config.toString())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(
                            folder.resolve("sink.log").toFile()))
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String parameter(String url, String options) {
        return (url.contains("?") ? "&" : "?") + "options="
                + options.replace(" ", "%20").replace("=", "%3D");
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What a path of the management port says; empty where it does not answer. */
    String get(String path) {
        try {
            return http.send(
                            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString())
                    .body();
        } catch (IOException e) {
            return "";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    String readiness() {
        return get("/health/ready");
    }

    /** Ends it with SIGKILL. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** Ends it in order, and gives its exit status. */
    int stop() throws InterruptedException {
        process.destroy();
        return process.waitFor();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
