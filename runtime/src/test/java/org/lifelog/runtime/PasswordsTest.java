package org.lifelog.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PasswordsTest {
    private static final String HASH = Passwords.hash("correct horse 한글");

    @Test
    void onlyTheSamePasswordMatches() {
        assertThat(Passwords.matches("correct horse 한글", HASH)).isTrue();
        assertThat(Passwords.matches("correct horse", HASH)).isFalse();
        assertThat(Passwords.isHash(HASH)).isTrue();
        assertThat(Passwords.matches("", HASH)).isFalse();
    }

    @Test
    void everyHashHasASaltOfItsOwn() {
        String another = Passwords.hash("correct horse 한글");
        assertThat(another).isNotEqualTo(HASH).matches("pbkdf2-sha256\\$210000\\$[\\w+/]{22}\\$[\\w+/]{43}");
        assertThat(another.split("\\$")[2]).isNotEqualTo(HASH.split("\\$")[2]);
        assertThat(Passwords.matches("correct horse 한글", another)).isTrue();
    }

    /** From Python: hashlib.pbkdf2_hmac("sha256", b"secret", b"0123456789abcdef", 1000). */
    @Test
    void hashesOfOtherToolsAreUnderstood() {
        String hash = "pbkdf2-sha256$1000$MDEyMzQ1Njc4OWFiY2RlZg$tiKWHy4FAGCWE8gn6GtKhaxD2OeeAUUWXFT/p1aaNl8";
        assertThat(Passwords.matches("secret", hash)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "secret",
                "bcrypt$1$c2FsdA$aGFzaA",
                "pbkdf2-sha256$1$c2FsdA",
                "pbkdf2-sha256$many$c2FsdA$aGFzaA",
                "pbkdf2-sha256$0$c2FsdA$aGFzaA",
                "pbkdf2-sha256$1$*$aGFzaA",
                "pbkdf2-sha256$1$c2FsdA$*",
                "pbkdf2-sha256$1$$aGFzaA",
                "pbkdf2-sha256$1$c2FsdA$"
            })
    void whatIsNoHashIsRefusedAndNotEchoed(String hash) {
        assertThat(Passwords.isHash(hash)).isFalse();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Passwords.matches("secret", hash))
                .withMessage("A password hash is pbkdf2-sha256$iterations$salt$hash.");
    }

    @Test
    void randomPasswordsAreSafeInAddresses() {
        assertThat(Stream.generate(Passwords::random).limit(1_000))
                .doesNotHaveDuplicates()
                .allMatch(password -> password.matches("[A-Za-z0-9_-]{24}"));
    }
}
