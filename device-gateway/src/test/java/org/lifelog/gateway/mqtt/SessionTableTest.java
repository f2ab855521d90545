package org.lifelog.gateway.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SessionTableTest {
    private static final Instant NOW = Instant.parse("2026-11-24T00:00:00Z");
    private static final SessionKey KEY = new SessionKey("isens-vendor", "meter-1");

    private final SessionTable table = new SessionTable();

    @Test
    void theLaterConnectionHasTheSession() {
        assertThat(table.apply(KEY, session("a/1", true, Optional.empty()))).isEqualTo(SessionTable.Effect.OPENED);
        assertThat(table.apply(KEY, session("b/1", true, Optional.empty()))).isEqualTo(SessionTable.Effect.OPENED);
        assertThat(table.live(KEY, NOW)).map(Session::connection).contains("b/1");
    }

    /** The connection that was replaced closes late, after the other one began. */
    @Test
    void aLateEndDoesNotDisturbTheNewConnection() {
        table.apply(KEY, session("a/1", true, Optional.empty()));
        table.apply(KEY, session("b/1", true, Optional.empty()));
        assertThat(table.apply(KEY, session("a/1", false, Optional.of(NOW)))).isEqualTo(SessionTable.Effect.STALE);
        assertThat(table.end(KEY, Optional.of("a/1"))).isEqualTo(SessionTable.Effect.STALE);
        assertThat(table.live(KEY, NOW)).map(Session::connection).contains("b/1");
        assertThat(table.end(KEY, Optional.of("b/1"))).isEqualTo(SessionTable.Effect.ENDED);
        assertThat(table.live(KEY, NOW)).isEmpty();
    }

    @Test
    void aSessionStaysForItsExpiryAfterTheConnection() {
        table.apply(KEY, session("a/1", true, Optional.empty()));
        assertThat(table.apply(KEY, session("a/1", false, Optional.of(NOW)))).isEqualTo(SessionTable.Effect.CHANGED);
        assertThat(table.live(KEY, NOW.plusSeconds(59))).isPresent();
        assertThat(table.live(KEY, NOW.plusSeconds(60))).isEmpty();
    }

    /** A gateway that died has written no end. */
    @Test
    void aSessionThatNobodyRenewsExpiresToo() {
        table.apply(KEY, session("a/1", true, Optional.empty()));
        assertThat(table.live(KEY, NOW.plus(Session.RENEWED).plusSeconds(59))).isPresent();
        assertThat(table.live(KEY, NOW.plus(Session.RENEWED).plusSeconds(60))).isEmpty();
    }

    private static Session session(String connection, boolean opening, Optional<Instant> disconnectedAt) {
        return new Session(connection, opening, 60, List.of(), List.of(), NOW, disconnectedAt);
    }
}
