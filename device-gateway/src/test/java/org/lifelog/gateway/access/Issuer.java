package org.lifelog.gateway.access;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Date;
import java.util.List;

/** Issues tokens and publishes its key over HTTP. */
public final class Issuer implements AutoCloseable {
    public static final String NAME = "https://issuer.example";

    private final HttpServer server;
    private int keyNumber;
    private volatile RSAKey key;

    public Issuer() {
        changeKey();
        try {
            server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/keys", exchange -> {
            byte[] keys = new JWKSet(key).toString().getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, keys.length);
            exchange.getResponseBody().write(keys);
            exchange.close();
        });
        server.start();
    }

    /** Where the keys are. */
    public URL keys() {
        try {
            return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/keys")
                    .toURL();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public void changeKey() {
        try {
            key = new RSAKeyGenerator(2048).keyID("key-" + keyNumber++).generate();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What a good token says. */
    public static JWTClaimsSet.Builder claims(Instant expires) {
        return new JWTClaimsSet.Builder()
                .issuer(NAME)
                .audience("lifelog")
                .subject("fleet")
                .claim("centers", List.of("isens", "goodoc"))
                .expirationTime(Date.from(expires));
    }

    public String token(JWTClaimsSet claims) {
        return token(key, claims);
    }

    static String token(RSAKey key, JWTClaimsSet claims) {
        try {
            SignedJWT token = new SignedJWT(
                    new JWSHeader.Builder(JWSAlgorithm.RS256)
                            .keyID(key.getKeyID())
                            .build(),
                    claims);
            token.sign(new RSASSASigner(key));
            return token.serialize();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
