package org.lifelog.streams.research;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DateShiftTest {
    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

    private static Instant at(String time) {
        return OffsetDateTime.parse(time).toInstant();
    }

    @ParameterizedTest
    @CsvSource({
        // Tuesdays, half past seven, in winter and in summer
        "-22, 2026-11-24T07:31:05.123456+01:00, 2026-06-23T07:31:05.123456+02:00",
        "18,  2026-11-24T07:31:05+01:00, 2027-03-30T07:31:05+02:00",
        "1,   2026-11-24T07:31:05+01:00, 2026-12-01T07:31:05+01:00",
        "0,   2026-11-24T07:31:05+01:00, 2026-11-24T07:31:05+01:00",
        // There was no half past two
        "-1,  2026-04-05T02:30:00+02:00, 2026-03-29T03:30:00+02:00",
        // There were two, and the other day has one
        "1,   2026-10-25T02:30:00+02:00, 2026-11-01T02:30:00+01:00",
        "1,   2026-10-25T02:30:00+01:00, 2026-11-01T02:30:00+01:00"
    })
    void weekdayAndTimeOfDayStay(int weeks, String time, String shifted) {
        assertThat(new DateShift(weeks, BERLIN).of(at(time))).isEqualTo(at(shifted));
    }

    @Test
    void aDayStaysADayOverTheChangeOfTheClock() {
        DateShift week = new DateShift(1, BERLIN);
        assertThat(week.of(at("2026-10-25T00:00:00+02:00"))).isEqualTo(at("2026-11-01T00:00:00+01:00"));
        assertThat(week.of(at("2026-10-26T00:00:00+01:00"))).isEqualTo(at("2026-11-02T00:00:00+01:00"));
    }

    @Test
    void inSeoulItIsAMatterOfSeconds() {
        Instant time = at("2026-11-24T07:31:05+09:00");
        assertThat(new DateShift(-26, ZoneId.of("Asia/Seoul")).of(time)).isEqualTo(time.minusSeconds(26 * 7 * 86_400L));
    }

    /** The sender's own time of day stays: at home, and on a journey to Seoul. */
    @ParameterizedTest
    @CsvSource({"-22, 3600, 7200", "-22, 32400, 36000", "1, 3600, 3600", "0, 3600, 3600"})
    void theSendersOffsetIsThatOfTheOtherSeason(int weeks, int offset, int shifted) {
        assertThat(new DateShift(weeks, BERLIN).offset(at("2026-11-24T07:31:05+01:00"), offset))
                .isEqualTo(shifted);
    }
}
