package org.lifelog.portal;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.lifelog.runtime.Passwords;

/**
 * The login with a local account. After {@value #ATTEMPTS} failures of one username within {@link #WINDOW} the
 * username is locked until the window ends, whether there is such an account or not.
 */
public final class Login {
    static final int ATTEMPTS = 5;
    static final Duration WINDOW = Duration.ofMinutes(15);
    /** Bounds the memory that guessing usernames can take. */
    private static final int MAXIMUM_USERNAMES = 10_000;

    /** What came of a login. */
    public sealed interface Outcome {
        /** Welcome. */
        record Granted(Sessions.Begun begun) implements Outcome {}

        /** Wrong username or password. */
        record Refused() implements Outcome {}

        /** Too many failures; no password is looked at until then. */
        record Locked(Duration remaining) implements Outcome {}
    }

    private record Attempts(int count, Instant first) {}

    private final Accounts accounts;
    private final Sessions sessions;
    private final Clock clock;
    private final Cache<String, Attempts> attempts = Caffeine.newBuilder()
            .expireAfterWrite(WINDOW)
            .maximumSize(MAXIMUM_USERNAMES)
            .build();
    /** Is compared with where there is no account, so that an unknown username takes as long as a wrong password. */
    private final String decoy = Passwords.hash(Passwords.random());

    /** A login that looks at the accounts and begins sessions. */
    public Login(Accounts accounts, Sessions sessions, Clock clock) {
        this.accounts = accounts;
        this.sessions = sessions;
        this.clock = clock;
    }

    /** Tries a password. Takes tens of milliseconds, so never call it on an event loop. */
    public Outcome login(String username, String password) {
        Instant now = clock.instant();
        // Counted before the password is looked at: attempts that run at the same time count too.
        Attempts own = attempts.asMap().merge(username, new Attempts(1, now), (before, first) -> {
            boolean over = !now.isBefore(before.first().plus(WINDOW));
            return over ? first : new Attempts(Math.min(before.count() + 1, ATTEMPTS + 1), before.first());
        });
        if (own.count() > ATTEMPTS) {
            return new Outcome.Locked(Duration.between(now, own.first().plus(WINDOW)));
        }
        Optional<Account> account = accounts.account(username);
        boolean matches = Passwords.matches(password, account.map(Account::hash).orElse(decoy));
        if (account.isEmpty() || !matches) {
            return new Outcome.Refused();
        }
        attempts.invalidate(username);
        return new Outcome.Granted(sessions.begin(account.get()));
    }
}
