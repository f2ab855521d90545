package org.lifelog.gateway.http;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.ext.web.RoutingContext;
import org.lifelog.gateway.accept.Acceptor;
import org.lifelog.gateway.failure.Refusal;

/**
 * Lets requests in while their center has some of its quota left, before a byte of the body is read. One that is over it
 * waits for up to a second first: so a sender that takes no notice of the answer gets about one a second over each of its
 * connections, and what it takes of the gateway does not grow with what it sends.
 */
final class Admission {
    private static final long LONGEST_WAIT_MILLIS = 1_000;

    private final Acceptor acceptor;

    Admission(Acceptor acceptor) {
        this.acceptor = acceptor;
    }

    /** Succeeds when the body may be read, which is paused until then; fails with a {@link Refusal}. */
    Future<Void> of(RoutingContext context) {
        try {
            acceptor.admit(context.get(VendorCheck.SENDER));
            return Future.succeededFuture();
        } catch (Refusal e) {
            long millis = Math.min(LONGEST_WAIT_MILLIS, 1 + e.retryAfter().toMillis());
            Promise<Void> admitted = Promise.promise();
            context.vertx().setTimer(millis, timer -> again(context, admitted));
            return admitted.future();
        }
    }

    private void again(RoutingContext context, Promise<Void> admitted) {
        try {
            acceptor.admit(context.get(VendorCheck.SENDER));
            admitted.complete();
        } catch (Refusal e) {
            // The body is thrown away, so that the sender gets to read the answer.
            context.request().resume();
            admitted.fail(e);
        }
    }
}
