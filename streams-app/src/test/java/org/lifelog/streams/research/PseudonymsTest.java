package org.lifelog.streams.research;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The expected values are those of OpenSSL: {@code printf 'subject\000isens\000r1\000S-0042' | openssl dgst -sha256 -mac
 * HMAC -macopt hexkey:000102...1f -binary | head -c 16 | base64 | tr '+/' '-_'}, without the padding.
 */
class PseudonymsTest {
    private final Pseudonyms pseudonyms = new Pseudonyms(Releases.of("isens", "r1", 26));

    @Test
    void aSubjectHasTheHmacOfItsCode() {
        assertThat(pseudonyms.subject("S-0042")).isEqualTo("51tme9rtdGMXZak-WqKCBg");
        assertThat(pseudonyms.subject("환자-7")).isEqualTo("SuYpdOn3gl4xvCn4DJpBsQ");
        assertThat(pseudonyms.subject("S-0042")).as("again").isEqualTo("51tme9rtdGMXZak-WqKCBg");
    }

    @Test
    void aDeviceHasTheHmacUnderAnotherKey() {
        assertThat(pseudonyms.device("caresens-8F31")).isEqualTo("6lUDlhJBy54Wp1nlVvb4Jg");
        assertThat(pseudonyms.device("S-0042")).isNotEqualTo(pseudonyms.subject("S-0042"));
        assertThat(pseudonyms.sequenceTag("caresens-8F31", 311)).isEqualTo("oGxWFtDA9gg");
    }

    @Test
    void anotherReleaseAndAnotherCenterHaveOtherPseudonyms() {
        assertThat(new Pseudonyms(Releases.of("isens", "r2", 26)).subject("S-0042"))
                .isEqualTo("93knN7Aw7JhTvSY6OmWMFg");
        assertThat(new Pseudonyms(Releases.of("healthmax", "r1", 26)).subject("S-0042"))
                .isEqualTo("JN2aE3HD4nerib817brD6A");
    }

    @ParameterizedTest
    @CsvSource({"S-0042, -22", "S-1, -7", "S-2, 16", "S-3, -3", "S-4, -2"})
    void datesAreShiftedByTheHmacToo(String subject, int weeks) {
        assertThat(pseudonyms.shiftWeeks(subject)).isEqualTo(weeks);
    }

    @Test
    void everyShiftUpToTheMostHappensButNone() {
        Set<Integer> weeks = new HashSet<>();
        IntStream.range(0, 2_000).forEach(i -> weeks.add(pseudonyms.shiftWeeks("S-" + i)));
        assertThat(weeks)
                .containsExactlyInAnyOrderElementsOf(IntStream.rangeClosed(-26, 26)
                        .filter(week -> week != 0)
                        .boxed()
                        .toList());
    }

    @Test
    void aReleaseWithoutShiftShiftsNobody() {
        assertThat(new Pseudonyms(Releases.of("isens", "r1", 0)).shiftWeeks("S-0042"))
                .isZero();
    }
}
