package org.lifelog.portal;

import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.ext.web.Router;
import java.net.BindException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.lifelog.contract.Catalogue;
import org.lifelog.contract.Centers;
import org.lifelog.runtime.Health;
import org.lifelog.runtime.PortInUseException;
import org.lifelog.runtime.Service;
import org.lifelog.runtime.Setting;
import org.lifelog.runtime.Settings;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The clinician portal: its parts, wired. */
public final class Portal implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Portal.class);
    private static final int IDLE_SECONDS = 60;
    private static final int START_SECONDS = 10;
    /** For each connection to the database as many requests may wait; the rest is refused. */
    private static final int QUEUE_PER_CONNECTION = 16;

    private static final int LOGIN_THREADS = 2;
    private static final int LOGIN_QUEUE = 32;

    private final Deque<AutoCloseable> parts = new ArrayDeque<>();
    private final int port;

    /** Runs the service until it is told to stop. */
    public static void main(String[] args) {
        Service.run("clinician-portal", PortalSettings.ALL, args, (settings, service) -> {
            service.closeAtEnd(start(
                    settings,
                    service.management().metrics(),
                    service.management().health(),
                    Clock.systemUTC()));
        });
    }

    /**
     * Starts the portal. The database need not be there yet.
     *
     * @throws PortInUseException where another process has the port
     * @throws IllegalStateException where the accounts cannot be used
     */
    static Portal start(Settings settings, MeterRegistry metrics, Health health, Clock clock) {
        Catalogue catalogue =
                settings.get(PortalSettings.CATALOGUE).map(Catalogue::load).orElseGet(Catalogue::load);
        Centers centers = settings.get(PortalSettings.CENTERS)
                .map(file -> Centers.load(file, catalogue))
                .orElseGet(() -> Centers.load(catalogue));
        Accounts accounts = Accounts.load(Path.of(settings.get(PortalSettings.ACCOUNTS)), centers);
        return new Portal(settings, metrics, health, clock, catalogue, centers, accounts);
    }

    private Portal(
            Settings settings,
            MeterRegistry metrics,
            Health health,
            Clock clock,
            Catalogue catalogue,
            Centers centers,
            Accounts accounts) {
        Vertx vertx = Vertx.vertx();
        parts.push(() -> await(vertx.close()));
        int connections = settings.get(PortalSettings.DATABASE_POOL_SIZE);
        Database database = closeAtEnd(new Database(
                settings.get(PortalSettings.DATABASE_URL),
                settings.get(PortalSettings.DATABASE_USERNAME),
                settings.get(PortalSettings.DATABASE_PASSWORD),
                connections + 1,
                metrics));
        WorklistSnapshots snapshots = closeAtEnd(new WorklistSnapshots(database, clock));
        health.add("database", database.probe());
        Workers queries =
                closeAtEnd(new Workers(vertx, metrics, "query", connections, QUEUE_PER_CONNECTION * connections));
        Workers logins = closeAtEnd(new Workers(vertx, metrics, "login", LOGIN_THREADS, LOGIN_QUEUE));

        Duration duration = settings.get(PortalSettings.SESSION_DURATION);
        Sessions sessions = new Sessions(clock, duration);
        Credentials credentials = new Credentials(sessions, settings.get(PortalSettings.COOKIE_SECURE));
        Answers answers = new Answers();
        LoginCall login =
                new LoginCall(new Login(accounts, sessions, clock), credentials, duration, logins, answers, metrics);
        Router router = Router.router(vertx);
        router.route()
                .handler(new RequestMetrics(metrics))
                .handler(new SecurityHeaders())
                .handler(new WellFormed());
        new Api(centers, catalogue, credentials, login, database, snapshots, queries, answers, clock).mount(router);
        new Page().mount(router);
        router.route().failureHandler(answers::failed);
        List.of(400, 404, 405, 413, 414, 500).forEach(status -> router.errorHandler(status, answers::failed));
        try {
            port = listen(vertx, router, settings);
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    private <T extends AutoCloseable> T closeAtEnd(T part) {
        parts.push(part);
        return part;
    }

    private int listen(Vertx vertx, Router router, Settings settings) {
        String host = settings.get(PortalSettings.HOST);
        int wanted = settings.get(PortalSettings.PORT);
        HttpServer server = vertx.createHttpServer(new HttpServerOptions()
                        .setHost(host)
                        .setPort(wanted)
                        .setIdleTimeout(IDLE_SECONDS)
                        // Java's client asks to go up to HTTP/2 without TLS; of the answers that did, some never came.
                        .setHttp2ClearTextEnabled(false)
                        .setCompressionSupported(true))
                .requestHandler(router);
        try {
            await(server.listen());
        } catch (IllegalStateException e) {
            if (e.getCause() instanceof BindException) {
                Setting<Integer> setting = PortalSettings.PORT;
                throw new PortInUseException(host, wanted, setting.name() + " (" + setting.variable() + ")");
            }
            throw e;
        }
        parts.push(() -> await(server.close()));
        LOG.info("The portal is at http://{}:{}", host, server.actualPort());
        return server.actualPort();
    }

    private static void await(Future<?> future) {
        try {
            future.toCompletionStage().toCompletableFuture().get(START_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new IllegalStateException("A part of the portal failed", e.getCause());
        } catch (TimeoutException e) {
            throw new IllegalStateException("A part of the portal took too long", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted", e);
        }
    }

    /** The port on which the page and its API are served. */
    public int port() {
        return port;
    }

    /** Stops taking requests, then ends what answers them. */
    @Override
    public void close() {
        for (AutoCloseable part = parts.poll(); part != null; part = parts.poll()) {
            try {
                part.close();
            } catch (Exception e) {
                LOG.warn("A part could not be closed in order", e);
            }
        }
    }
}
