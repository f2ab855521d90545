package org.lifelog.gateway.http;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.util.Map;
import org.lifelog.gateway.failure.Failure;
import org.lifelog.gateway.failure.Refusal;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How the gateway answers over HTTP: JSON, and problem details (RFC 9457) for what goes wrong. */
final class Answers {
    static final String JSON = "application/json";
    private static final Logger LOG = LoggerFactory.getLogger(Answers.class);
    private static final String PROBLEM = "application/problem+json";

    private Answers() {}

    static void json(RoutingContext context, int status, JsonObject body) {
        send(context, status, JSON, body.toBuffer());
    }

    static void send(RoutingContext context, int status, String type, Buffer body) {
        HttpServerResponse response = context.response();
        if (!response.ended() && !response.closed()) {
            response.setStatusCode(status)
                    .putHeader(HttpHeaders.CONTENT_TYPE, type)
                    .end(body);
        }
    }

    static void refuse(RoutingContext context, Refusal refusal) {
        prepare(context.response(), refusal);
        send(context, refusal.failure().status(), PROBLEM, problem(refusal).toBuffer());
    }

    /** The headers that a refusal needs beside its body. */
    static void prepare(HttpServerResponse response, Refusal refusal) {
        if (refusal.failure() == Failure.UNAUTHENTICATED) {
            response.headers()
                    .add("WWW-Authenticate", "Basic realm=\"lifelog\", charset=\"UTF-8\"")
                    .add("WWW-Authenticate", "Bearer realm=\"lifelog\"");
        }
        if (refusal.failure().passing()) {
            // Rounded up: who comes back too early is refused again.
            long seconds = refusal.retryAfter().plusMillis(999).toSeconds();
            response.putHeader(HttpHeaders.RETRY_AFTER, Long.toString(Math.max(1, seconds)));
        }
    }

    static JsonObject problem(Refusal refusal) {
        Failure failure = refusal.failure();
        return problem(failure.status(), failure.code(), refusal.getMessage());
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

    /** Answers whatever made a route fail. */
    static void failed(RoutingContext context) {
        Throwable error = context.failure();
        if (error instanceof Refusal refusal) {
            refuse(context, refusal);
        } else if (context.statusCode() >= 400 && context.statusCode() < 500) {
            refuse(context, new Refusal(Failure.MALFORMED, "The request cannot be understood."));
        } else {
            LOG.error("A request failed for a reason that the failure table does not know", error);
            send(
                    context,
                    500,
                    PROBLEM,
                    problem(500, "internal", "This is a fault of the gateway. It has been logged.")
                            .toBuffer());
        }
    }
}
