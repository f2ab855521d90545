package org.lifelog.gateway.mqtt;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;

/**
 * The sessions as the topic tells them: the order in the topic decides who has a session, so that all replicas agree. One
 * thread applies entries; any may look. A session takes some 500 bytes and what its client subscribed to.
 */
final class SessionTable {
    /** What an entry did. */
    enum Effect {
        /** The connection took the session, possibly from another. */
        OPENED,
        /** The connection that has the session changed it or left it. */
        CHANGED,
        /** The session is gone. */
        ENDED,
        /** The entry is of a connection that had lost the session when it wrote; the entry of its owner must follow. */
        STALE
    }

    private final Map<SessionKey, Session> sessions = new ConcurrentHashMap<>();
    private final Tally ofCredentials = new Tally();

    /** The session, where there is one that has not expired. */
    Optional<Session> live(SessionKey key, Instant now) {
        return Optional.ofNullable(sessions.get(key)).filter(session -> session.live(now));
    }

    int size() {
        return sessions.size();
    }

    /** Number of sessions of a credential. */
    int size(String username) {
        return ofCredentials.of(username);
    }

    /** Applies an entry. */
    Effect apply(SessionKey key, Session session) {
        Session before = sessions.get(key);
        if (!session.opening() && before != null && !before.connection().equals(session.connection())) {
            return Effect.STALE;
        }
        if (sessions.put(key, session) == null) {
            ofCredentials.add(key.username());
        }
        return session.opening() ? Effect.OPENED : Effect.CHANGED;
    }

    /** Applies an end, of one connection's session or of anybody's. */
    Effect end(SessionKey key, Optional<String> of) {
        Session before = sessions.get(key);
        if (before != null && of.isPresent() && !before.connection().equals(of.get())) {
            return Effect.STALE;
        }
        if (sessions.remove(key) != null) {
            ofCredentials.remove(key.username());
        }
        return Effect.ENDED;
    }

    /** Looks at every session. */
    void forEach(BiConsumer<SessionKey, Session> look) {
        sessions.forEach(look);
    }
}
