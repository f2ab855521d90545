package org.lifelog.gateway.access;

import com.github.benmanes.caffeine.cache.Ticker;
import io.vertx.core.Future;
import io.vertx.core.WorkerExecutor;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import org.lifelog.gateway.failure.Failure;
import org.lifelog.gateway.failure.Refusal;

/**
 * Finds out who sends, for both protocols: by name and password, by token, by client certificate, or by the api-secret of
 * Nightscout. Slow hashes are computed away from the event loops, only so many at a time.
 */
public final class Authenticator {
    private static final int MOST_WAITING = 200;

    private final Optional<Tokens> tokens;
    private final WorkerExecutor workers;
    private final AtomicInteger waiting = new AtomicInteger();
    private final WrongPasswords wrongPasswords = new WrongPasswords(Ticker.systemTicker());
    private volatile Credentials credentials;

    public Authenticator(Credentials credentials, Optional<Tokens> tokens, WorkerExecutor workers) {
        this.credentials = credentials;
        this.tokens = tokens;
        this.workers = workers;
    }

    /** Goes by other credentials from now on. */
    public void use(Credentials newCredentials) {
        credentials = newCredentials;
    }

    /** Those by which it goes. */
    public Credentials credentials() {
        return credentials;
    }

    /**
     * The credential of a name and password; of a token where the password is one.
     *
     * @param address the sender's IP address
     * @return fails with a {@link Refusal}: unauthenticated, unavailable where too many checks are waiting,
     *     quota-exceeded where too many wrong passwords came
     */
    public Future<Credential> password(String address, String username, String password) {
        if (tokens.isPresent() && Tokens.looksLikeToken(password)) {
            return token(password);
        }
        Credentials now = credentials;
        return check(address, username, now.remembered(username, password), () -> now.verify(username, password));
    }

    /**
     * The credential of a center's api-secret of Nightscout: the SHA-1 of the secret in hex.
     *
     * @return fails as {@link #password} does
     */
    public Future<Credential> apiSecret(String address, String center, String secret) {
        Credentials now = credentials;
        String name = Credentials.apiSecretName(center);
        return check(address, name, now.remembered(name, secret), () -> now.verifyApiSecret(center, secret));
    }

    private Future<Credential> check(
            String address, String name, Optional<Credential> remembered, Callable<Optional<Credential>> slowly) {
        if (wrongPasswords.blocksAddress(address, name)) {
            return Future.failedFuture(tooManyWrong());
        }
        if (remembered.isPresent()) {
            return Future.succeededFuture(remembered.get());
        }
        if (wrongPasswords.blocksName(name)) {
            return Future.failedFuture(tooManyWrong());
        }
        return slowly(slowly)
                .map(found -> found.orElseThrow(() -> {
                    wrongPasswords.count(address, name);
                    return new Refusal(Failure.UNAUTHENTICATED, "The username or the password is wrong.");
                }));
    }

    private static Refusal tooManyWrong() {
        return new Refusal(
                Failure.QUOTA_EXCEEDED,
                "Too many wrong passwords were sent. Check the credential, and send again in a minute.",
                WrongPasswords.WINDOW);
    }

    /**
     * The credential of a JSON Web Token.
     *
     * @return fails with a {@link Refusal}: unauthenticated, or unavailable where the issuer's keys cannot be had
     */
    public Future<Credential> token(String token) {
        return tokens.isEmpty()
                ? Future.failedFuture(new Refusal(Failure.UNAUTHENTICATED, "Tokens are not taken here."))
                : slowly(() -> tokens.get().verify(token));
    }

    /** The credential of a client certificate that TLS has checked. */
    public Optional<Credential> certificate(X509Certificate certificate) {
        return credentials.ofCertificate(certificate);
    }

    private <T> Future<T> slowly(Callable<T> check) {
        if (waiting.incrementAndGet() > MOST_WAITING) {
            waiting.decrementAndGet();
            return Future.failedFuture(
                    new Refusal(Failure.UNAVAILABLE, "Too many credentials are being checked. Send the same again."));
        }
        return workers.executeBlocking(check, false).onComplete(end -> waiting.decrementAndGet());
    }

    /** Whether a credential that was right when a connection began still is: not expired, changed or taken away. */
    public boolean stillGood(Credential credential, Instant now) {
        return credential.expires().map(now::isBefore).orElseGet(() -> credentials.has(credential));
    }
}
