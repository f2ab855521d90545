package org.lifelog.gateway.http;

import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;
import org.lifelog.gateway.failure.Failure;
import org.lifelog.gateway.failure.Refusal;
import org.lifelog.gateway.rejection.Rejections;

/** {@code GET /v1/centers/{center}/rejections}. */
public final class RejectionCalls {
    private static final int TYPICAL_LIMIT = 100;
    private static final int MOST_LIMIT = 1_000;

    private final Rejections rejections;

    public RejectionCalls(Rejections rejections) {
        this.rejections = rejections;
    }

    void addTo(Router router, VendorCheck vendorCheck) {
        router.get("/v1/centers/:center/rejections").handler(vendorCheck).handler(this::list);
    }

    private void list(RoutingContext context) {
        context.request().resume();
        Optional<Instant> since = parameter(context, "since").map(RejectionCalls::time);
        int limit = parameter(context, "limit").map(RejectionCalls::limit).orElse(TYPICAL_LIMIT);
        Answers.json(
                context,
                200,
                rejections.page(context.get(VendorCheck.SENDER), since, parameter(context, "before"), limit));
    }

    private static Optional<String> parameter(RoutingContext context, String name) {
        return context.queryParam(name).stream().findFirst();
    }

    private static Instant time(String text) {
        try {
            // A plus sign that was not escaped comes as a blank.
            return OffsetDateTime.parse(text.replace(' ', '+')).toInstant();
        } catch (DateTimeException e) {
            throw new Refusal(
                    Failure.MALFORMED,
                    "Parameter since is a time in ISO 8601 with an offset, such as 2026-11-24T00:00:00Z.",
                    e);
        }
    }

    private static int limit(String text) {
        if (!text.matches("\\d{1,4}") || Integer.parseInt(text) < 1 || Integer.parseInt(text) > MOST_LIMIT) {
            throw new Refusal(Failure.MALFORMED, "Parameter limit is a number from 1 to " + MOST_LIMIT + ".");
        }
        return Integer.parseInt(text);
    }
}
