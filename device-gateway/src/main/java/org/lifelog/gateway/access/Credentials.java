package org.lifelog.gateway.access;

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
import java.time.Duration;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.lifelog.contract.Centers;
import org.lifelog.runtime.Passwords;

/**
 * The vendors' credentials, from a file {@code {"username": {"center": "...", "hash": "..."}}} with hashes of {@link
 * Passwords}; {@code "centers": [...]} where a vendor may send for several. What was found right is remembered for some minutes under a keyed digest, so that the slow hash is not
 * computed for each request.
 */
public final class Credentials {
    private static final Duration REMEMBERED = Duration.ofMinutes(10);
    private static final int MOST_REMEMBERED = 100_000;
    private static final String DIGEST = "HmacSHA256";

    private record Entry(String center, Set<String> centers, String hash) {
        Set<String> all() {
            return centers == null ? center == null ? Set.of() : Set.of(center) : centers;
        }
    }

    private final Map<String, Entry> entries;
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
        try {
            entries = Optional.ofNullable(new ObjectMapper()
                            .readValue(Files.readAllBytes(file), new TypeReference<Map<String, Entry>>() {}))
                    .orElseThrow(() -> notOfTheForm(file, null));
        } catch (com.fasterxml.jackson.core.JacksonException e) {
            throw notOfTheForm(file, e);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read the credentials file " + file, e);
        }
        entries.forEach((username, entry) -> {
            if (entry == null
                    || (entry.center() != null && entry.centers() != null)
                    || entry.all().isEmpty()
                    || !entry.all().stream()
                            .allMatch(center -> centers.center(center).isPresent())
                    || entry.hash() == null
                    || !Passwords.isHash(entry.hash())) {
                throw new IllegalArgumentException("Credentials file " + file + ": " + username
                        + " has no hash of a password, or a center that is not configured");
            }
        });
        byte[] secret = new byte[32];
        new SecureRandom().nextBytes(secret);
        key = new SecretKeySpec(secret, DIGEST);
    }

    private static IllegalArgumentException notOfTheForm(Path file, Throwable cause) {
        return new IllegalArgumentException(
                "Credentials file " + file + " is not {\"username\": {\"center\": \"...\", \"hash\": \"...\"}}", cause);
    }

    /** The credential of a name and password that were found right some minutes ago; takes microseconds. */
    public Optional<Credential> remembered(String username, String password) {
        return Optional.ofNullable(right.getIfPresent(digest(username, password)));
    }

    /** The credential of a name and password, where they are right. Takes tens of milliseconds, so never on an event loop. */
    public Optional<Credential> verify(String username, String password) {
        Entry entry = entries.get(username);
        // An unknown name takes as long as a wrong password, so that names cannot be found out by the time it takes.
        boolean matches = Passwords.matches(password, entry == null ? decoyHash : entry.hash());
        if (entry == null || !matches) {
            return Optional.empty();
        }
        Credential credential = new Credential(username, entry.all(), Optional.empty());
        right.put(digest(username, password), credential);
        return Optional.of(credential);
    }

    private String digest(String username, String password) {
        try {
            Mac mac = Mac.getInstance(DIGEST);
            mac.init(key);
            mac.update(username.getBytes(StandardCharsets.UTF_8));
            mac.update((byte) 0);
            return HexFormat.of().formatHex(mac.doFinal(password.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("This Java has no " + DIGEST, e);
        }
    }
}
