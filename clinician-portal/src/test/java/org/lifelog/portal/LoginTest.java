package org.lifelog.portal;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lifelog.contract.Catalogue;
import org.lifelog.contract.Centers;
import org.lifelog.runtime.Passwords;

class LoginTest {
    private static final String HASH = Passwords.hash("right");

    private final TestClock clock = new TestClock();
    private final Sessions sessions = new Sessions(clock, Duration.ofHours(8));
    private Login login;

    @BeforeEach
    void accounts(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(
                folder.resolve("accounts.json"),
                "{\"kim\": {\"center\": \"isens\", \"role\": \"clinician\", \"hash\": \"" + HASH + "\"}}");
        login = new Login(Accounts.load(file, Centers.load(Catalogue.load())), sessions, clock);
    }

    @Test
    void rightPasswordBeginsASession() {
        assertThat(login.login("kim", "right"))
                .isInstanceOfSatisfying(
                        Login.Outcome.Granted.class,
                        granted -> assertThat(sessions.session(granted.begun().token()))
                                .hasValue(
                                        new Session("kim", "isens", "clinician", clock.now.plus(Duration.ofHours(8)))));
    }

    @Test
    void wrongPasswordAndUnknownUsernameAreRefusedAlike() {
        assertThat(login.login("kim", "wrong")).isEqualTo(new Login.Outcome.Refused());
        assertThat(login.login("lee", "right")).isEqualTo(new Login.Outcome.Refused());
    }

    @Test
    void lockedAfterFiveFailuresUntilTheWindowEnds() {
        for (int i = 0; i < Login.ATTEMPTS; i++) {
            assertThat(login.login("kim", "wrong")).isEqualTo(new Login.Outcome.Refused());
        }
        clock.now = clock.now.plusSeconds(60);
        assertThat(login.login("kim", "right")).isEqualTo(new Login.Outcome.Locked(Duration.ofMinutes(14)));

        clock.now = clock.now.plus(Duration.ofMinutes(14));
        assertThat(login.login("kim", "right")).isInstanceOf(Login.Outcome.Granted.class);
    }

    @Test
    void successForgetsTheFailures() {
        for (int round = 0; round < 3; round++) {
            for (int i = 0; i < Login.ATTEMPTS - 1; i++) {
                login.login("kim", "wrong");
            }
            assertThat(login.login("kim", "right")).isInstanceOf(Login.Outcome.Granted.class);
        }
    }

    @Test
    void unknownUsernamesAreLockedToo() {
        for (int i = 0; i < Login.ATTEMPTS; i++) {
            login.login("lee", "wrong");
        }
        assertThat(login.login("lee", "wrong")).isInstanceOf(Login.Outcome.Locked.class);
    }

    static final class TestClock extends Clock {
        Instant now = Instant.parse("2026-11-24T00:00:00Z");

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return now;
        }
    }
}
