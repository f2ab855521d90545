package org.lifelog.gateway.format;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class EffectiveTimeTest {
    @Test
    void timeAndOffset() {
        assertThat(EffectiveTime.parse("2026-11-24T07:31:05.25+09:00"))
                .isEqualTo(OffsetDateTime.of(2026, 11, 24, 7, 31, 5, 250_000_000, ZoneOffset.ofHours(9)));
    }

    @Test
    void theSameAsJavaForOddForms() {
        List.of(
                        "2026-11-24T07:31:05Z",
                        "2026-11-24T07:31:05.123456789-17:59",
                        "2026-11-24T07:31:05.1234567890Z",
                        "2026-11-24T07:31:05.Z",
                        "2026-11-24T07:31:05",
                        "2026-11-24T07:31Z",
                        "2026-11-24t07:31:05z",
                        "2026-11-24T24:00:00Z",
                        "2026-11-24T23:59:60Z",
                        "2026-02-29T00:00:00Z",
                        "2024-02-29T00:00:00Z",
                        "1900-02-29T00:00:00Z",
                        "2026-00-01T00:00:00Z",
                        "2026-01-00T00:00:00Z",
                        "2026-04-31T00:00:00Z",
                        "0000-01-01T00:00:00Z",
                        "-2026-01-01T00:00:00Z",
                        "+12026-01-01T00:00:00Z",
                        "2026-11-24T07:31:05+09",
                        "2026-11-24T07:31:05+0900",
                        "2026-11-24T07:31:05+09:00:30",
                        "2026-11-24T07:31:05-00:00",
                        "2026-11-24T07:31:05+18:00",
                        "2026-11-24T07:31:05+18:01",
                        "2026-11-24T07:31:05+09:60",
                        "2026-11-24T07:31:05 Z",
                        "2026-11-24T07:31:٠٥Z",
                        "")
                .forEach(EffectiveTimeTest::theSameAsJava);
    }

    @Test
    void theSameAsJavaForWhateverIsWrittenOver() {
        Random random = new Random(7);
        String alphabet = "0123456789-+:.TZ";
        for (int i = 0; i < 50_000; i++) {
            StringBuilder text = new StringBuilder("2026-11-24T07:31:05.123+09:00");
            for (int changes = random.nextInt(3); changes >= 0; changes--) {
                text.setCharAt(random.nextInt(text.length()), alphabet.charAt(random.nextInt(alphabet.length())));
            }
            text.setLength(text.length() - random.nextInt(3));
            theSameAsJava(text.toString());
        }
    }

    private static void theSameAsJava(String text) {
        assertThat(parsed(EffectiveTime::parse, text)).as(text).isEqualTo(parsed(OffsetDateTime::parse, text));
    }

    private static Optional<OffsetDateTime> parsed(Function<String, OffsetDateTime> parser, String text) {
        try {
            return Optional.of(parser.apply(text));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }
}
