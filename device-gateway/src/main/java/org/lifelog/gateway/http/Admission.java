package org.lifelog.gateway.http;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.ext.web.RoutingContext;
import java.util.concurrent.TimeUnit;
import org.lifelog.gateway.accept.Acceptor;
import org.lifelog.gateway.failure.Refusal;

/**
 * Lets requests in while their center has some of its quota left, before a byte of the body is read. One that is over it
 * waits for up to a second, and is refused if nothing is left then either: so a sender that takes no notice of the answer gets about one a second over each of its
 * connections, and what it takes of the gateway does not grow with what it sends.
 */
final class Admission {
    private static final long SHORTEST_WAIT_MILLIS = 50;
    private static final long LONGEST_WAIT_MILLIS = 1_000;

    private final Acceptor acceptor;

    Admission(Acceptor acceptor) {
        this.acceptor = acceptor;
    }

    /** Succeeds when the body may be read, which is paused until then; fails with a {@link Refusal}. */
    Future<Void> of(RoutingContext context) {
        Promise<Void> admitted = Promise.promise();
        admit(context, System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(LONGEST_WAIT_MILLIS), admitted);
        return admitted.future();
    }

    private void admit(RoutingContext context, long deadlineNanos, Promise<Void> admitted) {
        try {
            acceptor.admit(context.get(VendorCheck.SENDER));
            admitted.complete();
        } catch (Refusal e) {
            long leftMillis = TimeUnit.NANOSECONDS.toMillis(deadlineNanos - System.nanoTime());
            if (leftMillis > 0) {
                long wanted = Math.max(SHORTEST_WAIT_MILLIS, e.retryAfter().toMillis());
                context.vertx()
                        .setTimer(Math.min(wanted, leftMillis), timer -> admit(context, deadlineNanos, admitted));
            } else {
                // The body is thrown away, so that the sender gets to read the answer.
                context.request().resume();
                admitted.fail(e);
            }
        }
    }
}
