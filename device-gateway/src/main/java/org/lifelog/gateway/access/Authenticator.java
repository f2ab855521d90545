package org.lifelog.gateway.access;

import io.vertx.core.Future;
import io.vertx.core.WorkerExecutor;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.lifelog.gateway.failure.Failure;
import org.lifelog.gateway.failure.Refusal;

/** Finds out who sends, for both protocols. Slow hashes are computed away from the event loops, only so many at a time. */
public final class Authenticator {
    private static final int MOST_WAITING = 200;

    private final Credentials credentials;
    private final WorkerExecutor workers;
    private final AtomicInteger waiting = new AtomicInteger();

    public Authenticator(Credentials credentials, WorkerExecutor workers) {
        this.credentials = credentials;
        this.workers = workers;
    }

    /**
     * The credential of a name and password.
     *
     * @param address the sender's IP address
     * @return fails with a {@link Refusal}: unauthenticated, or unavailable where too many checks are waiting
     */
    public Future<Credential> password(String address, String username, String password) {
        Optional<Credential> remembered = credentials.remembered(username, password);
        if (remembered.isPresent()) {
            return Future.succeededFuture(remembered.get());
        }
        if (waiting.incrementAndGet() > MOST_WAITING) {
            waiting.decrementAndGet();
            return Future.failedFuture(
                    new Refusal(Failure.UNAVAILABLE, "Too many credentials are being checked. Send the same again."));
        }
        return workers.executeBlocking(() -> credentials.verify(username, password), false)
                .onComplete(end -> waiting.decrementAndGet())
                .map(found -> found.orElseThrow(
                        () -> new Refusal(Failure.UNAUTHENTICATED, "The username or the password is wrong.")));
    }

    /** Whether a credential that was right when a connection began still is. */
    public boolean stillGood(Credential credential, Instant now) {
        return credential.expires().filter(end -> !now.isBefore(end)).isEmpty();
    }
}
