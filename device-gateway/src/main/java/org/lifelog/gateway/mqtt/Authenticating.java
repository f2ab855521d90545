package org.lifelog.gateway.mqtt;

import io.vertx.core.Future;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Optional;
import org.lifelog.gateway.access.Authenticator;
import org.lifelog.gateway.access.Credential;
import org.lifelog.gateway.failure.Failure;
import org.lifelog.gateway.failure.Refusal;

/** What MQTT needs of the {@link Authenticator}. */
public interface Authenticating {
    /**
     * Who sends, by what CONNECT and the connection say.
     *
     * @param address the sender's IP address
     * @param certificate the client certificate of a TLS connection, verified
     * @return fails with a {@link Refusal}
     */
    Future<Credential> credential(
            String address,
            Optional<String> username,
            Optional<String> password,
            Optional<X509Certificate> certificate);

    /** {@link Authenticator#stillGood}. */
    boolean stillGood(Credential credential, Instant now);

    /** By password or token, or by the client certificate where there is none. */
    static Authenticating by(Authenticator authenticator) {
        return new Authenticating() {
            @Override
            public Future<Credential> credential(
                    String address,
                    Optional<String> username,
                    Optional<String> password,
                    Optional<X509Certificate> certificate) {
                return password.map(secret -> authenticator.password(address, username.orElse(""), secret))
                        .or(() ->
                                certificate.flatMap(authenticator::certificate).map(Future::succeededFuture))
                        .orElseGet(() -> Future.failedFuture(
                                new Refusal(Failure.UNAUTHENTICATED, "Send the vendor's username and password.")));
            }

            @Override
            public boolean stillGood(Credential credential, Instant now) {
                return authenticator.stillGood(credential, now);
            }
        };
    }
}
