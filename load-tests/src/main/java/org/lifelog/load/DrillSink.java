package org.lifelog.load;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.lifelog.sink.Sink;

/** A sink of a drill, in a process of its own. */
final class DrillSink implements AutoCloseable {
    private static final int HEAP_MIB = 384;
    private static final Pattern RETRIES = metric("lifelog_sink_retries_total{cause=\"database\"}");
    private static final Pattern BATCHES = metric("lifelog_sink_batch_rows_count");

    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(1)).build();
    private final int port = freePort();
    private final Victim process;
    /** Of the processes that are gone. */
    private long retriesBefore;

    DrillSink(Path log, String kafka, String registry, DrillDatabase database) {
        Map<String, String> settings = new HashMap<>();
        settings.put("LIFELOG_EXIT_WITH_PARENT", "true");
        settings.put("LIFELOG_MANAGEMENT_PORT", Integer.toString(port));
        settings.put("LIFELOG_KAFKA_BOOTSTRAP_SERVERS", kafka);
        settings.put("LIFELOG_SCHEMA_REGISTRY_URL", registry);
        settings.put("LIFELOG_DATABASE_URL", database.url());
        settings.put("LIFELOG_DATABASE_USERNAME", database.username());
        settings.put("LIFELOG_DATABASE_PASSWORD", database.password());
        process = new Victim(Sink.class, HEAP_MIB, settings, log);
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void start() {
        process.start();
    }

    /** Ends it with SIGKILL. */
    void kill() throws InterruptedException {
        retriesBefore = retries();
        process.kill();
    }

    /** Ends it in order. */
    void stop() throws InterruptedException {
        retriesBefore = retries();
        process.stop();
    }

    /** What it says of its readiness; empty where it does not answer. */
    String readiness() {
        return get("/health/ready");
    }

    /** How often it has tried again because of the database, as far as it could still be asked. */
    long retries() {
        return retriesBefore + number(RETRIES);
    }

    /** How many transactions its process has written; 0 where it does not answer. */
    long batches() {
        return number(BATCHES);
    }

    private static Pattern metric(String name) {
        return Pattern.compile("^" + Pattern.quote(name) + " (\\S+)$", Pattern.MULTILINE);
    }

    private long number(Pattern metric) {
        Matcher matcher = metric.matcher(get("/metrics"));
        return matcher.find() ? (long) Double.parseDouble(matcher.group(1)) : 0;
    }

    private String get(String path) {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .timeout(Duration.ofSeconds(2))
                .build();
        try {
            return http.send(request, HttpResponse.BodyHandlers.ofString()).body();
        } catch (IOException e) {
            return "";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        process.close();
    }
}
