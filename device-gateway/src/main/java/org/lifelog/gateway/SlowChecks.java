package org.lifelog.gateway;

import io.vertx.core.Future;
import io.vertx.core.WorkerExecutor;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** Checks passwords away from the event loops, on threads of their own, and only so many at a time. */
final class SlowChecks {
    private static final int MOST_WAITING = 200;

    private final WorkerExecutor workers;
    private final AtomicInteger waiting = new AtomicInteger();

    SlowChecks(WorkerExecutor workers) {
        this.workers = workers;
    }

    /**
     * The credential of a name and password, where they are right.
     *
     * @return fails with a {@link Refusal} where too many checks are waiting
     */
    Future<Optional<Credential>> check(Credentials credentials, String username, String password) {
        Optional<Credential> remembered = credentials.remembered(username, password);
        if (remembered.isPresent()) {
            return Future.succeededFuture(remembered);
        }
        if (waiting.incrementAndGet() > MOST_WAITING) {
            waiting.decrementAndGet();
            return Future.failedFuture(
                    new Refusal(Failure.UNAVAILABLE, "Too many credentials are being checked. Send the same again."));
        }
        return workers.executeBlocking(() -> credentials.verify(username, password), false)
                .onComplete(end -> waiting.decrementAndGet());
    }
}
