package org.lifelog.runtime;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * The management port of a service: {@code /metrics} for Prometheus, {@code /health/live} (200 while the process can
 * answer at all) and {@code /health/ready} (200 or 503, with JSON that names each check).
 */
public final class Management implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final PrometheusMeterRegistry metrics = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final JvmGcMetrics gcMetrics = new JvmGcMetrics();
    private final Health health = new Health();
    private final HttpServer server;
    private final ExecutorService executor = Executors.newFixedThreadPool(2, task -> {
        Thread thread = new Thread(task, "management");
        thread.setDaemon(true);
        return thread;
    });

    /**
     * Opens the port.
     *
     * @throws PortInUseException where another process has it
     */
    public Management(String host, int port) {
        new ClassLoaderMetrics().bindTo(metrics);
        new JvmMemoryMetrics().bindTo(metrics);
        new JvmThreadMetrics().bindTo(metrics);
        new ProcessorMetrics().bindTo(metrics);
        new UptimeMetrics().bindTo(metrics);
        gcMetrics.bindTo(metrics);
        try {
            server = HttpServer.create(new InetSocketAddress(host, port), 0);
        } catch (BindException e) {
            throw new PortInUseException(host, port, ManagementSettings.PORT.name());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext(
                "/metrics",
                exchange -> answer(exchange, 200, "text/plain; version=0.0.4; charset=utf-8", metrics.scrape()));
        server.createContext(
                "/health/live", exchange -> answer(exchange, 200, "application/json", "{\"status\":\"UP\"}"));
        server.createContext("/health/ready", this::ready);
        server.setExecutor(executor);
        server.start();
    }

    /** Where all meters of the service go. */
    public PrometheusMeterRegistry metrics() {
        return metrics;
    }

    /** The readiness checks. */
    public Health health() {
        return health;
    }

    /** The port that was opened. */
    public int port() {
        return server.getAddress().getPort();
    }

    private void ready(HttpExchange exchange) throws IOException {
        Map<String, Health.Check> checks = health.checks();
        // The port is open before the first check is there.
        boolean ok = !checks.isEmpty() && checks.values().stream().allMatch(Health.Check::ok);
        answer(
                exchange,
                ok ? 200 : 503,
                "application/json",
                JSON.writeValueAsString(Map.of("status", ok ? "UP" : "DOWN", "checks", checks)));
    }

    private static void answer(HttpExchange exchange, int status, String type, String body) throws IOException {
        try (exchange) {
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", type);
            exchange.sendResponseHeaders(status, bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }

    @Override
    public void close() {
        server.stop(0);
        executor.shutdownNow();
        gcMetrics.close();
        metrics.close();
    }
}
