package org.lifelog.gateway.access;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import javax.security.auth.x500.X500Principal;
import org.lifelog.contract.Centers;
import org.lifelog.runtime.Passwords;

/**
 * The vendors' credentials as they stand in a file:
 *
 * <pre>{@code
 * {"isens-vendor": {"center": "isens", "hash": "..."},
 *  "fleet": {"centers": ["isens", "goodoc"], "certificate": "CN=fleet,O=Vendor"},
 *  "xdrip": {"center": "isens", "nightscout": "..."}}
 * }</pre>
 *
 * Each holds one center, or several where that is wanted, and at least one proof: {@code hash}, a hash of {@link
 * Passwords} of the password; {@code certificate}, the subject of a client certificate as in RFC 2253; {@code
 * nightscout}, a hash of {@link Passwords} of the api-secret header, which is the SHA-1 of the uploader's secret in hex.
 *
 * <p>What was found right is remembered for some minutes under a keyed digest, so that the slow hash is not computed for
 * each request. What was wrong is not, so nobody learns from the cache.
 */
public final class Credentials {
    private static final Duration REMEMBERED = Duration.ofMinutes(10);
    private static final int MOST_REMEMBERED = 100_000;
    private static final String DIGEST = "HmacSHA256";
    /** Who sends an api-secret names nobody, so that all of the center's are tried. */
    private static final int MOST_API_SECRETS = 8;

    private record Entry(
            String center,
            Set<String> centers,
            String hash,
            String certificate,
            @JsonProperty("nightscout") String apiSecret) {
        Set<String> all() {
            if (centers != null) {
                return center == null ? centers : Set.of();
            }
            return center == null ? Set.of() : Set.of(center);
        }

        boolean usable(Centers known) {
            return !all().isEmpty()
                    && all().stream().allMatch(code -> known.center(code).isPresent())
                    && (hash != null || certificate != null || apiSecret != null)
                    && (hash == null || Passwords.isHash(hash))
                    && (apiSecret == null || Passwords.isHash(apiSecret))
                    && (certificate == null || isName(certificate));
        }

        private static boolean isName(String certificate) {
            try {
                return !new X500Principal(certificate).getName().isEmpty();
            } catch (IllegalArgumentException e) {
                return false;
            }
        }
    }

    private final Map<String, Entry> entries;
    /** One for each entry, the same as long as the entry stays the same. */
    private final Map<String, Credential> credentials = new HashMap<>();

    private final Map<X500Principal, Credential> byCertificate = new HashMap<>();
    private final Map<String, Map<String, String>> apiSecretsByCenter = new HashMap<>();
    private final SecretKeySpec key;
    private final String decoyHash = Passwords.hash(Passwords.random());
    private final Cache<String, Credential> right = Caffeine.newBuilder()
            .expireAfterWrite(REMEMBERED)
            .maximumSize(MOST_REMEMBERED)
            .build();

    /**
     * Reads the file.
     *
     * @throws IllegalArgumentException where it is not of that form, or names a center that is not configured
     */
    public Credentials(Path file, Centers centers) {
        this(file, centers, Optional.empty());
    }

    /**
     * Reads the file again.
     *
     * @throws IllegalArgumentException where it is not of that form, or names a center that is not configured
     */
    public Credentials reread(Path file, Centers centers) {
        return new Credentials(file, centers, Optional.of(this));
    }

    private Credentials(Path file, Centers centers, Optional<Credentials> before) {
        entries = read(file);
        entries.forEach((username, entry) -> {
            if (entry == null || !entry.usable(centers)) {
                throw new IllegalArgumentException("Credentials file " + file + ": " + username
                        + " has no hash of a password, no subject of a certificate, or a center that is not"
                        + " configured");
            }
            Credential credential = before.filter(old -> entry.equals(old.entries.get(username)))
                    .map(old -> old.credentials.get(username))
                    .orElseGet(() -> new Credential(username, entry.all(), Optional.empty()));
            credentials.put(username, credential);
            if (entry.certificate() != null
                    && byCertificate.put(new X500Principal(entry.certificate()), credential) != null) {
                throw new IllegalArgumentException(
                        "Credentials file " + file + ": " + username + " has the certificate of another vendor");
            }
            if (entry.apiSecret() != null) {
                entry.all()
                        .forEach(center -> apiSecretsByCenter
                                .computeIfAbsent(center, c -> new LinkedHashMap<>())
                                .put(username, entry.apiSecret()));
            }
        });
        apiSecretsByCenter.forEach((center, secrets) -> {
            if (secrets.size() > MOST_API_SECRETS) {
                throw new IllegalArgumentException("Credentials file " + file + ": center " + center + " has more than "
                        + MOST_API_SECRETS + " credentials with nightscout");
            }
        });
        byte[] secret = new byte[32];
        new SecureRandom().nextBytes(secret);
        key = new SecretKeySpec(secret, DIGEST);
    }

    private static Map<String, Entry> read(Path file) {
        try {
            return Optional.ofNullable(new ObjectMapper()
                            .readValue(Files.readAllBytes(file), new TypeReference<Map<String, Entry>>() {}))
                    .orElseThrow(() -> notOfTheForm(file, null));
        } catch (JacksonException e) {
            throw notOfTheForm(file, e);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read the credentials file " + file, e);
        }
    }

    private static IllegalArgumentException notOfTheForm(Path file, Throwable cause) {
        return new IllegalArgumentException(
                "Credentials file " + file + " is not {\"username\": {\"center\": \"...\", \"hash\": \"...\"}}", cause);
    }

    /** Whether a credential is the one that its name still has. */
    public boolean has(Credential credential) {
        return credentials.get(credential.username()) == credential;
    }

    /** The credential of a client certificate, which TLS has checked. */
    public Optional<Credential> ofCertificate(X509Certificate certificate) {
        return Optional.ofNullable(byCertificate.get(certificate.getSubjectX500Principal()));
    }

    /** The credential of a name and password that were found right some minutes ago; takes microseconds. */
    public Optional<Credential> remembered(String username, String password) {
        return Optional.ofNullable(right.getIfPresent(digest(username, password)));
    }

    /** The credential of a name and password, where they are right. Takes tens of milliseconds, so never on an event loop. */
    public Optional<Credential> verify(String username, String password) {
        Entry entry = entries.get(username);
        // An unknown name takes as long as a wrong password, so that names cannot be found out by the time it takes.
        String hash = entry == null || entry.hash() == null ? decoyHash : entry.hash();
        boolean matches = Passwords.matches(password, hash);
        if (hash.equals(decoyHash) || !matches) {
            return Optional.empty();
        }
        Credential credential = credentials.get(username);
        right.put(digest(username, password), credential);
        return Optional.of(credential);
    }

    /** The credential of a center's api-secret, where it is right. Takes longer than {@link #verify}. */
    public Optional<Credential> verifyApiSecret(String center, String secret) {
        Map<String, String> secrets = apiSecretsByCenter.getOrDefault(center, Map.of("", decoyHash));
        for (Map.Entry<String, String> one : secrets.entrySet()) {
            if (Passwords.matches(secret, one.getValue()) && credentials.containsKey(one.getKey())) {
                Credential credential = credentials.get(one.getKey());
                right.put(digest(apiSecretName(center), secret), credential);
                return Optional.of(credential);
            }
        }
        return Optional.empty();
    }

    /** The name under which an api-secret is remembered and counted; a newline is in no username. */
    static String apiSecretName(String center) {
        return "\n" + center;
    }

    private String digest(String username, String password) {
        try {
            Mac mac = Mac.getInstance(DIGEST);
            mac.init(key);
            for (String part : List.of(username, "\0", password)) {
                mac.update(part.getBytes(StandardCharsets.UTF_8));
            }
            return HexFormat.of().formatHex(mac.doFinal());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("This Java has no " + DIGEST, e);
        }
    }
}
