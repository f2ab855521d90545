package org.lifelog.portal;

import io.vertx.core.Handler;
import io.vertx.ext.web.RoutingContext;
import java.util.regex.Pattern;

/** Refuses an address with a broken percent escape, on which decoding would fail anywhere later. */
final class WellFormed implements Handler<RoutingContext> {
    private static final Pattern BROKEN_ESCAPE = Pattern.compile("%(?![0-9A-Fa-f]{2})");

    @Override
    public void handle(RoutingContext call) {
        if (BROKEN_ESCAPE.matcher(call.request().uri()).find()) {
            throw RefusedException.malformed("The address has a percent sign that is not followed by two hex digits.");
        }
        call.next();
    }
}
