package org.lifelog.gateway.access;

import io.vertx.core.http.ClientAuth;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.core.net.ServerSSLOptions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * The files that TLS needs, in PEM format. Both protocols use the same.
 *
 * @param certificate the gateway's certificate with its chain
 * @param key its private key
 * @param clientAuthorities the certificates of who may sign client certificates; without it none is asked for
 */
public record TlsFiles(Path certificate, Path key, Optional<Path> clientAuthorities) {
    private static final int HANDSHAKE_SECONDS = 10;

    /**
     * As the settings have them.
     *
     * @return nothing where there is no certificate, and so no TLS
     * @throws IllegalArgumentException where the certificate has no key, or there is a key or authority alone
     */
    public static Optional<TlsFiles> of(
            Optional<Path> certificate, Optional<Path> key, Optional<Path> clientAuthorities) {
        if (certificate.isPresent() != key.isPresent() || (certificate.isEmpty() && clientAuthorities.isPresent())) {
            throw new IllegalArgumentException(
                    "TLS needs both gateway.tls.certificate and gateway.tls.key; gateway.tls.client.ca only with them");
        }
        return certificate.map(file -> new TlsFiles(file, key.orElseThrow(), clientAuthorities));
    }

    /** All of them. */
    public List<Path> all() {
        List<Path> all = new ArrayList<>(List.of(certificate, key));
        clientAuthorities.ifPresent(all::add);
        return all;
    }

    /** What Vert.x makes of them when it reads them. */
    public ServerSSLOptions options() {
        ServerSSLOptions options = new ServerSSLOptions()
                .setKeyCertOptions(new PemKeyCertOptions()
                        .setCertPath(certificate.toString())
                        .setKeyPath(key.toString()))
                .setEnabledSecureTransportProtocols(Set.of("TLSv1.2", "TLSv1.3"))
                .setSslHandshakeTimeout(HANDSHAKE_SECONDS)
                .setSslHandshakeTimeoutUnit(TimeUnit.SECONDS);
        clientAuthorities.ifPresent(file -> options.setClientAuth(ClientAuth.REQUEST)
                .setTrustOptions(new PemTrustOptions().addCertPath(file.toString())));
        return options;
    }
}
