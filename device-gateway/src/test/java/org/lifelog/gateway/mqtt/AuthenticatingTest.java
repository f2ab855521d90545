package org.lifelog.gateway.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.net.SelfSignedCertificate;
import io.vertx.core.net.ServerSSLOptions;
import java.io.FileInputStream;
import java.io.InputStream;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.lifelog.gateway.access.Credential;

/** Over TLS, where the client's certificate is at hand; by names and passwords it is tried in HandshakeTest. */
class AuthenticatingTest {
    @Test
    void theClientCertificateIsAtHandAndTheServersCanBeReplaced() throws Exception {
        SelfSignedCertificate server = SelfSignedCertificate.create("localhost");
        SelfSignedCertificate later = SelfSignedCertificate.create("localhost");
        SelfSignedCertificate client = SelfSignedCertificate.create("device-1");
        ServerSSLOptions tls = options(server, client);
        AtomicReference<Optional<X509Certificate>> seen = new AtomicReference<>();
        Authenticating authenticating = new Authenticating() {
            @Override
            public Future<Credential> credential(
                    String address,
                    Optional<String> username,
                    Optional<String> password,
                    Optional<X509Certificate> certificate) {
                seen.set(certificate);
                return Future.succeededFuture(OwnFront.ISENS);
            }

            @Override
            public boolean stillGood(Credential credential, Instant now) {
                return true;
            }
        };
        try (OwnFront own = new OwnFront(OwnFront.LIMITS, OwnFront.WILLING, authenticating, Optional.of(tls))) {
            assertThat(subject(own.port, server, Optional.of(client))).isEqualTo("CN=localhost");
            assertThat(seen.get().orElseThrow().getSubjectX500Principal().getName())
                    .isEqualTo("CN=device-1");
            assertThat(subject(own.port, server, Optional.empty())).isEqualTo("CN=localhost");
            assertThat(seen.get()).isEmpty();

            own.front.useCertificates(options(later, client)).await(30, TimeUnit.SECONDS);
            assertThat(subject(own.port, later, Optional.empty())).isEqualTo("CN=localhost");
        } finally {
            server.delete();
            later.delete();
            client.delete();
        }
    }

    private static ServerSSLOptions options(SelfSignedCertificate server, SelfSignedCertificate client) {
        return new ServerSSLOptions()
                .setKeyCertOptions(server.keyCertOptions())
                .setTrustOptions(client.trustOptions())
                .setClientAuth(ClientAuth.REQUEST);
    }

    /** Connects, trusting that one certificate alone, and is accepted; the subject of the server. */
    private static String subject(int port, SelfSignedCertificate trusted, Optional<SelfSignedCertificate> own)
            throws Exception {
        KeyStore trust = KeyStore.getInstance(KeyStore.getDefaultType());
        trust.load(null);
        trust.setCertificateEntry("server", certificate(trusted.certificatePath()));
        TrustManagerFactory trusts = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trusts.init(trust);
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        KeyStore identity = KeyStore.getInstance(KeyStore.getDefaultType());
        identity.load(null);
        if (own.isPresent()) {
            String key = Files.readString(Path.of(own.get().privateKeyPath())).replaceAll("-----[A-Z ]+-----|\\s", "");
            identity.setKeyEntry(
                    "client",
                    KeyFactory.getInstance("RSA")
                            .generatePrivate(
                                    new PKCS8EncodedKeySpec(Base64.getDecoder().decode(key))),
                    new char[0],
                    new Certificate[] {certificate(own.get().certificatePath())});
        }
        keys.init(identity, new char[0]);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), trusts.getTrustManagers(), null);
        Socket socket = context.getSocketFactory().createSocket("127.0.0.1", port);
        try (RawMqtt mqtt = new RawMqtt(socket)) {
            mqtt.connect(5, "", true, 60, RawMqtt.NOTHING, "u", "p");
            assertThat(mqtt.read().body()).startsWith(0, 0);
            return ((X509Certificate) ((SSLSocket) socket).getSession().getPeerCertificates()[0])
                    .getSubjectX500Principal()
                    .getName();
        }
    }

    private static Certificate certificate(String path) throws Exception {
        try (InputStream in = new FileInputStream(path)) {
            return CertificateFactory.getInstance("X.509").generateCertificate(in);
        }
    }
}
