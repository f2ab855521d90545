package org.lifelog.gateway.http;

import io.vertx.core.Handler;
import io.vertx.ext.web.RoutingContext;
import java.util.concurrent.TimeUnit;
import org.lifelog.gateway.access.Sender;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One line for each request, to the logger {@code access}: route, status, bytes, milliseconds, center and vendor. The path
 * itself is left out, since it may name a subject or a device.
 */
final class AccessLog implements Handler<RoutingContext> {
    private static final Logger LOG = LoggerFactory.getLogger("access");

    @Override
    public void handle(RoutingContext context) {
        if (LOG.isInfoEnabled()) {
            long start = System.nanoTime();
            context.addEndHandler(end -> log(context, System.nanoTime() - start));
        }
        context.next();
    }

    private static void log(RoutingContext context, long nanos) {
        Sender sender = context.get(VendorCheck.SENDER);
        LOG.info(
                "http method={} route={} status={} in={} out={} ms={} center={} vendor={}",
                context.request().method(),
                route(context),
                context.response().getStatusCode(),
                context.request().bytesRead(),
                context.response().bytesWritten(),
                TimeUnit.NANOSECONDS.toMillis(nanos),
                sender == null ? "-" : sender.center(),
                sender == null ? "-" : sender.vendor());
    }

    /** A request that is refused ends in a route of its own, which has no path. */
    private static String route(RoutingContext context) {
        String ofCall = context.get(VendorCheck.ROUTE);
        String last =
                context.currentRoute() == null ? null : context.currentRoute().getPath();
        return ofCall != null ? ofCall : last != null ? last : "-";
    }
}
