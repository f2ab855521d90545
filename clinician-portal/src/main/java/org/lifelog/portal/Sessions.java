package org.lifelog.portal;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;

/**
 * Who is logged in. A session is found by a random token of 256 bits, of which only the SHA-256 is kept, so that a dump
 * of the memory opens no session. Bounded: past {@link #MAXIMUM} the sessions that are used least are ended.
 */
public final class Sessions {
    private static final int MAXIMUM = 10_000;
    private static final int TOKEN_BYTES = 32;

    /**
     * A session that has just begun.
     *
     * @param token to be shown with each call
     */
    public record Begun(String token, Session session) {
        /** Leaves the token out. */
        @Override
        public String toString() {
            return "Begun[" + session + "]";
        }
    }

    private final SecureRandom random = new SecureRandom();
    private final Clock clock;
    private final Duration duration;
    private final Cache<String, Session> sessions;

    /** No sessions yet; each will last for {@code duration}. */
    public Sessions(Clock clock, Duration duration) {
        this.clock = clock;
        this.duration = duration;
        sessions = Caffeine.newBuilder()
                .expireAfterWrite(duration)
                .maximumSize(MAXIMUM)
                .build();
    }

    /** Begins a session of an account. */
    public Begun begin(Account account) {
        byte[] bytes = new byte[TOKEN_BYTES];
        random.nextBytes(bytes);
        String token = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        Session session = new Session(
                account.username(),
                account.center(),
                account.role(),
                clock.instant().plus(duration).truncatedTo(ChronoUnit.SECONDS));
        sessions.put(digest(token), session);
        return new Begun(token, session);
    }

    /** The session of a token, if it has not ended. */
    public Optional<Session> session(String token) {
        return Optional.ofNullable(sessions.getIfPresent(digest(token)))
                .filter(session -> clock.instant().isBefore(session.expires()));
    }

    /** Ends the session of a token, if there is one. */
    public void end(String token) {
        sessions.invalidate(digest(token));
    }

    private static String digest(String token) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("This Java has no SHA-256", e);
        }
    }
}
