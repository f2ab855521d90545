package org.lifelog.gateway.http;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.GZIPInputStream;
import org.lifelog.contract.Centers;
import org.lifelog.gateway.accept.Acceptor;
import org.lifelog.gateway.accept.Message;
import org.lifelog.gateway.accept.Protocol;
import org.lifelog.gateway.access.Authenticator;
import org.lifelog.gateway.access.Credential;
import org.lifelog.gateway.failure.Failure;
import org.lifelog.gateway.failure.Refusal;
import org.lifelog.gateway.format.ReadingDecoder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The gateway over HTTP: {@code POST /v1/centers/{center}/readings}. */
public final class HttpFront implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(HttpFront.class);
    private static final int MOST_SENT_BYTES = 1 << 20;
    private static final int MOST_BYTES = 8 << 20;
    private static final long CLOSE_SECONDS = 20;
    private static final int IDLE_SECONDS = 60;
    private static final String SENDER = "sender";
    private static final String JSON = "application/json";
    private static final String LINES = "application/x-ndjson";

    private final Vertx vertx;
    private final Acceptor acceptor;
    private final ReadingDecoder decoder;
    private final Authenticator authenticator;
    private final Centers centers;
    private final AtomicInteger connections;
    private HttpServer server;

    public HttpFront(
            Vertx vertx,
            Acceptor acceptor,
            ReadingDecoder decoder,
            Authenticator authenticator,
            Centers centers,
            MeterRegistry meters) {
        this.vertx = vertx;
        this.acceptor = acceptor;
        this.decoder = decoder;
        this.authenticator = authenticator;
        this.centers = centers;
        this.connections = meters.gauge(
                "lifelog.gateway.connections", Tags.of("protocol", Protocol.HTTP.tag()), new AtomicInteger());
    }

    /** Opens the port; fails with {@link java.net.BindException} where it is taken. */
    public Future<HttpServer> start(String host, int port) {
        Router router = Router.router(vertx);
        // Two routes, because Vert.x would read the body before the first handler of one: nobody's body is read
        // unasked.
        router.post("/v1/centers/:center/readings").handler(this::authenticate);
        router.post("/v1/centers/:center/readings")
                .handler(BodyHandler.create(false).setBodyLimit(MOST_SENT_BYTES))
                .handler(this::accept);
        router.route("/v1/centers/:center/readings").handler(context -> {
            context.response().putHeader(HttpHeaders.ALLOW, "POST");
            fail(context, new Refusal(Failure.METHOD_NOT_ALLOWED, "Send readings with POST."));
        });
        router.route()
                .handler(context -> fail(
                        context,
                        new Refusal(
                                Failure.NOT_FOUND,
                                "There is nothing here. Readings go to POST /v1/centers/{center}/readings.")));
        router.route().failureHandler(this::failed);
        // A path that cannot be decoded comes to no route, and Vert.x would log it as a fault of ours.
        router.errorHandler(
                Failure.MALFORMED.status(),
                context -> fail(context, new Refusal(Failure.MALFORMED, "The path cannot be decoded.")));
        server = vertx.createHttpServer(new HttpServerOptions()
                .setHost(host)
                .setPort(port)
                .setHandle100ContinueAutomatically(true)
                .setIdleTimeout(IDLE_SECONDS)
                .setIdleTimeoutUnit(TimeUnit.SECONDS));
        return server.connectionHandler(connection -> {
                    connections.incrementAndGet();
                    connection.closeHandler(closed -> connections.decrementAndGet());
                })
                .requestHandler(router)
                .listen();
    }

    private void authenticate(RoutingContext context) {
        // The body must not stream past while the slow hash is computed.
        context.request().pause();
        String center = context.pathParam("center");
        credential(context)
                .map(credential -> {
                    if (centers.center(center).isEmpty()) {
                        throw new Refusal(Failure.NOT_FOUND, "There is no such center.");
                    }
                    return credential.senderFor(center);
                })
                .onSuccess(sender -> {
                    context.put(SENDER, sender);
                    context.request().resume();
                    context.next();
                })
                .onFailure(error -> {
                    context.request().resume();
                    context.fail(error);
                });
    }

    private Future<Credential> credential(RoutingContext context) {
        Refusal unauthenticated = new Refusal(
                Failure.UNAUTHENTICATED, "Send the vendor's username and password with HTTP Basic authentication.");
        String header = context.request().getHeader(HttpHeaders.AUTHORIZATION);
        if (header == null || !header.regionMatches(true, 0, "Basic ", 0, 6)) {
            return Future.failedFuture(unauthenticated);
        }
        String[] parts;
        try {
            parts = new String(Base64.getDecoder().decode(header.substring(6).trim()), StandardCharsets.UTF_8)
                    .split(":", 2);
        } catch (IllegalArgumentException e) {
            return Future.failedFuture(unauthenticated);
        }
        if (parts.length != 2) {
            return Future.failedFuture(unauthenticated);
        }
        return authenticator.password(context.request().remoteAddress().host(), parts[0], parts[1]);
    }

    private void accept(RoutingContext context) {
        String type = Optional.ofNullable(context.request().getHeader(HttpHeaders.CONTENT_TYPE))
                .map(header -> header.split(";")[0].trim().toLowerCase(Locale.ROOT))
                .orElse(JSON);
        if (!type.equals(JSON) && !type.equals(LINES)) {
            throw new Refusal(
                    Failure.UNSUPPORTED_MEDIA_TYPE, "The content type is " + JSON + " or " + LINES + ", in UTF-8.");
        }
        Buffer buffer = context.body().buffer();
        byte[] body = decompress(
                buffer == null ? new byte[0] : buffer.getBytes(),
                context.request().getHeader(HttpHeaders.CONTENT_ENCODING));
        acceptor.accept(new Message(
                        context.get(SENDER),
                        body,
                        type.equals(LINES) ? decoder.lines() : decoder.json(),
                        Optional.empty(),
                        Optional.empty(),
                        Protocol.HTTP))
                .onSuccess(receipt -> answer(context, receipt.status(), JSON, receipt.toJson()))
                .onFailure(context::fail);
    }

    /** At most 8 MiB come out, whatever a small body promises. */
    private static byte[] decompress(byte[] body, String encoding) {
        if (encoding == null || encoding.equalsIgnoreCase("identity")) {
            return body;
        }
        if (!encoding.equalsIgnoreCase("gzip")) {
            throw new Refusal(Failure.UNSUPPORTED_MEDIA_TYPE, "The content encoding is gzip or none.");
        }
        byte[] plain;
        try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(body))) {
            plain = in.readNBytes(MOST_BYTES + 1);
        } catch (IOException e) {
            throw new Refusal(Failure.MALFORMED, "The body is not in gzip format, or ends too early.", e);
        }
        if (plain.length > MOST_BYTES) {
            throw new Refusal(Failure.TOO_LARGE, "The body is larger than 8 MiB after decompression.");
        }
        return plain;
    }

    private void failed(RoutingContext context) {
        Throwable error = context.failure();
        if (error instanceof Refusal refusal) {
            fail(context, refusal);
        } else if (context.statusCode() == Failure.TOO_LARGE.status()) {
            fail(
                    context,
                    new Refusal(Failure.TOO_LARGE, "The body is larger than 1 MiB. Send smaller batches, or gzip."));
        } else if (context.statusCode() >= 400 && context.statusCode() < 500) {
            fail(context, new Refusal(Failure.MALFORMED, "The request cannot be understood."));
        } else {
            LOG.error("A request failed for a reason that the failure table does not know", error);
            JsonObject problem = problem(500, "internal", "This is a fault of the gateway. It has been logged.");
            answer(context, 500, "application/problem+json", problem);
        }
    }

    private static void fail(RoutingContext context, Refusal refusal) {
        Failure failure = refusal.failure();
        if (failure == Failure.UNAUTHENTICATED) {
            context.response().putHeader("WWW-Authenticate", "Basic realm=\"lifelog\", charset=\"UTF-8\"");
        }
        if (failure.passing()) {
            context.response()
                    .putHeader(
                            HttpHeaders.RETRY_AFTER,
                            Long.toString(Math.max(1, refusal.retryAfter().toSeconds())));
        }
        JsonObject problem = problem(failure.status(), failure.code(), refusal.getMessage());
        answer(context, failure.status(), "application/problem+json", problem);
    }

    private static JsonObject problem(int status, String code, String detail) {
        return new JsonObject(Map.of(
                "type",
                "about:blank",
                "title",
                code.replace('-', ' '),
                "status",
                status,
                "code",
                code,
                "detail",
                detail));
    }

    private static void answer(RoutingContext context, int status, String type, JsonObject body) {
        if (!context.response().ended() && !context.response().closed()) {
            context.response()
                    .setStatusCode(status)
                    .putHeader(HttpHeaders.CONTENT_TYPE, type)
                    .end(body.toBuffer());
        }
    }

    /** Takes no more requests, and waits for those that are under way. */
    @Override
    public void close() throws TimeoutException {
        if (server != null) {
            server.shutdown(CLOSE_SECONDS, TimeUnit.SECONDS).await(CLOSE_SECONDS + 1, TimeUnit.SECONDS);
        }
    }
}
