package org.lifelog.portal;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.vertx.core.Handler;
import io.vertx.ext.web.RoutingContext;
import java.util.Set;

/** Times the requests by the template of their route, so that no subject gets into a label. */
final class RequestMetrics implements Handler<RoutingContext> {
    /** Under this key a route says its template. */
    static final String ROUTE = "route";

    private static final Set<String> METHODS = Set.of("GET", "HEAD", "POST");

    private final MeterRegistry metrics;

    RequestMetrics(MeterRegistry metrics) {
        this.metrics = metrics;
    }

    @Override
    public void handle(RoutingContext call) {
        Timer.Sample sample = Timer.start(metrics);
        call.put(ROUTE, "none");
        call.addEndHandler(ignored -> sample.stop(Timer.builder("lifelog.portal.request")
                .description("Time from a request to the end of its answer.")
                .tag("method", method(call))
                .tag("route", call.get(ROUTE))
                .tag("status", Integer.toString(call.response().getStatusCode()))
                .register(metrics)));
        call.next();
    }

    /** One of those that the routes take; a caller can make up any other, and labels must be bounded. */
    private static String method(RoutingContext call) {
        String name = call.request().method().name();
        return METHODS.contains(name) ? name : "other";
    }
}
