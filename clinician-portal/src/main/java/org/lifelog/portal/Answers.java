package org.lifelog.portal;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes the API's answers: JSON for what went well, {@code application/problem+json} for what did not. */
final class Answers {
    private static final Logger LOG = LoggerFactory.getLogger(Answers.class);
    private static final String JSON = "application/json";

    /** What Vert.x itself refuses, by its status. */
    private static final Map<Integer, RefusedException> BY_STATUS = Map.of(
            400, RefusedException.malformed("The request line, a header or the body is not well-formed."),
            404, RefusedException.notFound(),
            405, RefusedException.of(Failure.METHOD_NOT_ALLOWED, "This path does not take this method."),
            413, RefusedException.of(Failure.TOO_LARGE, "The body is larger than a login can be."),
            414, RefusedException.malformed("The address is too long."));

    private final ObjectMapper json = new ObjectMapper()
            .registerModule(new JavaTimeModule())
            .registerModule(new Jdk8Module())
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS);

    /** The JSON of what was read, and its tag. */
    record Encoded(Buffer body, EntityTag tag) {}

    /** The JSON of what was read; takes a while for a large one, so not on an event loop. */
    Encoded encode(Object answer) {
        byte[] body = bytes(answer);
        return new Encoded(Buffer.buffer(body), EntityTag.of(body));
    }

    private byte[] bytes(Object answer) {
        try {
            return json.writeValueAsBytes(answer);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("An answer cannot be written as JSON", e);
        }
    }

    /** Answers with what was read. */
    void ok(RoutingContext call, Encoded read) {
        read(call, JSON, read);
    }

    /** Answers with FHIR's JSON of what was read. */
    void fhir(RoutingContext call, Encoded read) {
        read(call, FhirAnswer.MEDIA_TYPE, read);
    }

    /** Answers with what is true of this session now, and that nobody may keep; for small answers. */
    void once(RoutingContext call, Object answer) {
        send(call.response(), 200, JSON, Buffer.buffer(bytes(answer)));
    }

    /** The reader's own browser may keep it, and asks each time whether it still holds: that is checked and audited anew. */
    private static void read(RoutingContext call, String type, Encoded read) {
        HttpServerResponse response = call.response()
                .putHeader(HttpHeaders.CACHE_CONTROL, "private, no-cache")
                .putHeader(HttpHeaders.ETAG, read.tag().text());
        if (read.tag().isHeldBy(call.request())) {
            response.setStatusCode(304).end();
        } else {
            response.putHeader(HttpHeaders.CONTENT_TYPE, type).end(read.body());
        }
    }

    /** Answers a call that failed; a fault of ours is logged, and nothing of it is told. */
    void failed(RoutingContext call, Throwable cause) {
        if (call.response().ended() || call.response().closed()) {
            return;
        }
        RefusedException refused;
        if (cause instanceof RefusedException known) {
            refused = known;
        } else {
            LOG.error("A call of {} failed", call.<String>get(RequestMetrics.ROUTE), cause);
            refused = RefusedException.of(Failure.INTERNAL, "The portal failed to answer; its log says why.");
        }
        HttpServerResponse response = call.response();
        refused.retryAfter()
                .ifPresent(wait -> response.putHeader(
                        "Retry-After",
                        Long.toString(Math.max(1, wait.plusMillis(999).toSeconds()))));
        if (refused.failure() == Failure.UNAUTHENTICATED) {
            response.putHeader("WWW-Authenticate", "Bearer realm=\"lifelog\"");
        }
        boolean fhir = FhirAnswer.isAt(call.request().path());
        send(
                response,
                refused.failure().status(),
                fhir ? FhirAnswer.MEDIA_TYPE : Problem.MEDIA_TYPE,
                Buffer.buffer(bytes(
                        fhir
                                ? FhirAnswer.outcome(refused.failure(), refused.getMessage())
                                : Problem.of(refused.failure(), refused.getMessage()))));
    }

    /** Answers a call that Vert.x refused with a status, or that threw. */
    void failed(RoutingContext call) {
        RefusedException known = BY_STATUS.get(call.statusCode());
        Throwable cause = call.failure();
        failed(call, known != null && !(cause instanceof RefusedException) ? known : cause);
    }

    private static void send(HttpServerResponse response, int status, String type, Buffer body) {
        response.setStatusCode(status)
                .putHeader(HttpHeaders.CONTENT_TYPE, type)
                .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
                .end(body);
    }
}
