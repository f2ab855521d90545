package org.lifelog.portal;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SessionsTest {
    private static final Account KIM = new Account("kim", "isens", "clinician", "secret-hash");

    private final LoginTest.TestClock clock = new LoginTest.TestClock();
    private final Sessions sessions = new Sessions(clock, Duration.ofMinutes(30));

    @Test
    void lastsForItsDuration() {
        String token = sessions.begin(KIM).token();

        assertThat(sessions.session(token)).map(Session::username).hasValue("kim");
        clock.now = clock.now.plus(Duration.ofMinutes(30));
        assertThat(sessions.session(token)).isEmpty();
    }

    @Test
    void endsOnce() {
        String token = sessions.begin(KIM).token();
        String other = sessions.begin(KIM).token();
        sessions.end(token);

        assertThat(sessions.session(token)).isEmpty();
        assertThat(sessions.session(other)).isPresent();
    }

    @Test
    void tokensAreLongAndNeverTheSame() {
        Set<String> tokens = new HashSet<>();
        for (int i = 0; i < 100; i++) {
            tokens.add(sessions.begin(KIM).token());
        }
        // 256 bits in Base64.
        assertThat(tokens).hasSize(100).allSatisfy(token -> assertThat(token).hasSize(43));
    }

    @Test
    void secretsAreNotPrinted() {
        Sessions.Begun begun = sessions.begin(KIM);

        assertThat(begun.toString()).doesNotContain(begun.token());
        assertThat(KIM.toString()).doesNotContain("secret-hash");
    }
}
