package org.lifelog.gateway.mqtt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class SessionKeyTest {
    @Test
    void aKeyIsReadAsItWasWritten() {
        SessionKey key = new SessionKey("isens-vendor", "meter 1/한글%+");
        assertThat(key).hasToString("isens-vendor/meter+1%2F%ED%95%9C%EA%B8%80%25%2B");
        assertThat(SessionKey.parse(key.toString())).isEqualTo(key);
    }

    @Test
    void noClientIdentifierReachesIntoTheSessionsOfAnother() {
        assertThat(new SessionKey("a", "b/c").toString()).isNotEqualTo(new SessionKey("a/b", "c").toString());
        assertThat(new SessionKey("a", "%2Fb").toString()).isNotEqualTo(new SessionKey("a", "/b").toString());
        assertThatIllegalArgumentException().isThrownBy(() -> SessionKey.parse("a/b/c"));
    }
}
