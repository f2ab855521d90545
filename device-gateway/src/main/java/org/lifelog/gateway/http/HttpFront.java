package org.lifelog.gateway.http;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.handler.codec.TooLongFrameException;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.ServerSSLOptions;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.lifelog.gateway.accept.Protocol;
import org.lifelog.gateway.failure.Failure;
import org.lifelog.gateway.failure.Refusal;

/**
 * The gateway over HTTP/1.1 and, with TLS, HTTP/2: on one or two ports, in the clear and with TLS. Every port is served by as many
 * event loops as there are processors.
 */
public final class HttpFront implements AutoCloseable {
    private static final long CLOSE_SECONDS = 20;

    private final Vertx vertx;
    private final Deadlines deadlines;
    private final int mostConnections;
    private final List<HttpServer> servers = new CopyOnWriteArrayList<>();
    private final List<HttpServer> secureServers = new CopyOnWriteArrayList<>();
    private final Router router;

    /**
     * The front, which is not open yet.
     *
     * @param mostConnections connections beyond these are closed at once
     */
    public HttpFront(Vertx vertx, Calls calls, int mostConnections, MeterRegistry meters) {
        this.vertx = vertx;
        this.mostConnections = mostConnections;
        deadlines = new Deadlines(vertx);
        Gauge.builder("lifelog.gateway.connections", deadlines, Deadlines::connections)
                .tag("protocol", Protocol.HTTP.tag())
                .register(meters);
        router = Router.router(vertx);
        router.route().handler(new AccessLog());
        calls.addTo(router);
        refuseOtherMethods();
        router.route()
                .handler(context -> Answers.refuse(
                        context,
                        new Refusal(Failure.NOT_FOUND, "There is nothing here. What there is stands at /docs.")));
        router.route().failureHandler(Answers::failed);
        // A path that cannot be decoded comes to no route, and Vert.x would log it as a fault of ours.
        router.errorHandler(
                Failure.MALFORMED.status(),
                context -> Answers.refuse(context, new Refusal(Failure.MALFORMED, "The path cannot be decoded.")));
    }

    /** What the gateway offers over HTTP. */
    public interface Calls {
        /** Adds the routes. */
        void addTo(Router router);
    }

    private void refuseOtherMethods() {
        List<String> paths = new ArrayList<>();
        for (Route route : List.copyOf(router.getRoutes())) {
            if (route.getPath() != null && route.methods() != null && !paths.contains(route.getPath())) {
                paths.add(route.getPath());
            }
        }
        for (String path : paths) {
            List<String> methods = new ArrayList<>();
            router.getRoutes().stream()
                    .filter(route -> path.equals(route.getPath()) && route.methods() != null)
                    .flatMap(route -> route.methods().stream())
                    .forEach(method -> methods.add(method.name()));
            router.route(path).handler(context -> {
                context.response().putHeader(HttpHeaders.ALLOW, String.join(", ", methods));
                Answers.refuse(
                        context,
                        new Refusal(
                                Failure.METHOD_NOT_ALLOWED,
                                "This is called with " + String.join(" or ", methods) + "."));
            });
        }
    }

    /**
     * Opens a port; fails with {@link java.net.BindException} where it is taken.
     *
     * @param port 0 takes a free one
     * @param tls for a port with TLS
     * @return the port
     */
    public Future<Integer> open(String host, int port, Optional<ServerSSLOptions> tls) {
        List<HttpServer> opened = new CopyOnWriteArrayList<>();
        // With 0 each instance would take a free port of its own; those with the same negative number share one. All
        // servers of a Vert.x do, so the numbers are far from those of MQTT.
        int shared = port == 0 ? (tls.isPresent() ? -1_001 : -1_000) : port;
        // Each instance has an event loop of its own; they share the connections of the port.
        return vertx.deployVerticle(
                        () -> context -> {
                            HttpServer server = server(host, shared, tls);
                            opened.add(server);
                            return server.listen();
                        },
                        new DeploymentOptions()
                                .setInstances(Runtime.getRuntime().availableProcessors()))
                .map(deployed -> {
                    (tls.isPresent() ? secureServers : servers).addAll(opened);
                    return opened.get(0).actualPort();
                });
    }

    private HttpServer server(String host, int port, Optional<ServerSSLOptions> tls) {
        // Without TLS there is HTTP/1.1 only: to tell HTTP/2 by its first bytes, Vert.x would keep connections that
        // send
        // none where no deadline finds them.
        HttpServerOptions options =
                new HttpServerOptions().setHost(host).setPort(port).setHttp2ClearTextEnabled(false);
        tls.ifPresent(files -> options.setSsl(true)
                .setUseAlpn(true)
                .setKeyCertOptions(files.getKeyCertOptions())
                .setTrustOptions(files.getTrustOptions())
                .setClientAuth(files.getClientAuth())
                .setSslHandshakeTimeout(files.getSslHandshakeTimeout())
                .setSslHandshakeTimeoutUnit(files.getSslHandshakeTimeoutUnit())
                .setEnabledSecureTransportProtocols(files.getEnabledSecureTransportProtocols()));
        HttpServer server = vertx.createHttpServer(options);
        return server.connectionHandler(this::opened)
                .invalidRequestHandler(HttpFront::refuseInvalid)
                .requestHandler(request -> {
                    deadlines.requested(request);
                    if (hasReadableHost(request)) {
                        router.handle(request);
                    } else {
                        refuseInvalid(request);
                    }
                });
    }

    /** The router has Vert.x parse it, which reads past the end of {@code Host: a%}. */
    private static boolean hasReadableHost(HttpServerRequest request) {
        try {
            request.authority();
            return true;
        } catch (IndexOutOfBoundsException e) {
            return false;
        }
    }

    /** Uses other certificates for new connections. */
    public Future<?> useCertificates(ServerSSLOptions tls) {
        return Future.all(secureServers.stream()
                .map(server -> server.updateSSLOptions(tls, true))
                .toList());
    }

    private void opened(HttpConnection connection) {
        if (deadlines.connections() >= mostConnections) {
            connection.close();
        } else {
            deadlines.opened(connection);
            VersionCheck.addTo(connection);
        }
    }

    private static void refuseInvalid(HttpServerRequest request) {
        Refusal refusal = request.decoderResult().cause() instanceof TooLongFrameException
                ? new Refusal(Failure.TOO_LARGE, "The request line or the headers are too long.")
                : new Refusal(Failure.MALFORMED, "This is not HTTP.");
        request.response()
                .setStatusCode(refusal.failure().status())
                .putHeader(HttpHeaders.CONTENT_TYPE, "application/problem+json")
                .putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE)
                .end(Answers.problem(refusal).toBuffer());
        request.connection().close();
    }

    /** Takes no more requests, and waits for those that are under way. */
    @Override
    public void close() throws TimeoutException {
        List<Future<?>> closing = new ArrayList<>();
        servers.forEach(server -> closing.add(server.shutdown(CLOSE_SECONDS, TimeUnit.SECONDS)));
        secureServers.forEach(server -> closing.add(server.shutdown(CLOSE_SECONDS, TimeUnit.SECONDS)));
        Future.all(closing).await(CLOSE_SECONDS + 1, TimeUnit.SECONDS);
    }
}
