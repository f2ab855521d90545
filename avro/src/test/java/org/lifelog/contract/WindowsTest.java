package org.lifelog.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.lifelog.avro.WindowSize;

class WindowsTest {
    private static final ZoneId SEOUL = ZoneId.of("Asia/Seoul");

    @Test
    void aDayIsADayOfTheCenter() {
        Instant time = Instant.parse("2026-11-24T07:31:05.123456+09:00");
        Instant start = Windows.start(WindowSize.DAY, time, SEOUL);
        assertThat(start).isEqualTo(Instant.parse("2026-11-24T00:00:00+09:00"));
        assertThat(Windows.end(WindowSize.DAY, start, SEOUL)).isEqualTo(Instant.parse("2026-11-25T00:00:00+09:00"));
    }

    @ParameterizedTest
    @CsvSource({
        "America/New_York, 2026-03-08, 23",
        "America/New_York, 2026-11-01, 25",
        "America/New_York, 2026-11-02, 24",
        "Europe/Berlin, 2026-03-29, 23",
        "Europe/Berlin, 2026-10-25, 25",
        "Asia/Seoul, 1987-05-10, 23",
        "Asia/Seoul, 1987-10-11, 25",
        "Asia/Seoul, 1988-05-08, 23",
        "Asia/Seoul, 1988-10-09, 25",
        "Asia/Seoul, 1989-05-07, 24",
        "Asia/Kolkata, 2026-03-29, 24"
    })
    void daysHaveAsManyHoursAsTheClock(ZoneId zone, LocalDate date, int hours) {
        Instant noon = date.atTime(12, 0).atZone(zone).toInstant();
        Instant start = Windows.start(WindowSize.DAY, noon, zone);
        assertThat(start).isEqualTo(date.atStartOfDay(zone).toInstant());
        assertThat(Windows.end(WindowSize.DAY, start, zone)).isEqualTo(start.plus(hours, ChronoUnit.HOURS));
    }

    @Test
    void daysOfLordHoweChangeByHalfAnHour() {
        ZoneId zone = ZoneId.of("Australia/Lord_Howe");
        Instant start = LocalDate.of(2026, 4, 5).atStartOfDay(zone).toInstant();
        assertThat(Windows.end(WindowSize.DAY, start, zone)).isEqualTo(start.plus(Duration.parse("PT24H30M")));
        start = LocalDate.of(2026, 10, 4).atStartOfDay(zone).toInstant();
        assertThat(Windows.end(WindowSize.DAY, start, zone)).isEqualTo(start.plus(Duration.parse("PT23H30M")));
    }

    @Test
    void hoursOfIndiaBeginAtHalfPastOfUtc() {
        ZoneId zone = ZoneId.of("Asia/Kolkata");
        Instant start = Windows.start(WindowSize.HOUR, Instant.parse("2026-11-24T07:31:05Z"), zone);
        assertThat(start).isEqualTo(Instant.parse("2026-11-24T07:30:00Z"));
        assertThat(Windows.end(WindowSize.HOUR, start, zone)).isEqualTo(Instant.parse("2026-11-24T08:30:00Z"));
    }

    /** At 02:00 the clock goes to 02:30: 15:30 UTC. The hours before end there, and half an hour is left of the next. */
    @ParameterizedTest
    @CsvSource({
        "2026-10-03T15:29:59.999999Z, 2026-10-03T14:30:00Z, 2026-10-03T15:30:00Z",
        "2026-10-03T15:30:00Z, 2026-10-03T15:30:00Z, 2026-10-03T16:00:00Z",
        "2026-10-03T15:59:59Z, 2026-10-03T15:30:00Z, 2026-10-03T16:00:00Z",
        "2026-10-03T16:00:00Z, 2026-10-03T16:00:00Z, 2026-10-03T17:00:00Z",
        // At 02:00 the clock goes back to 01:30: 15:00 UTC.
        "2026-04-04T14:59:59Z, 2026-04-04T14:00:00Z, 2026-04-04T15:00:00Z",
        "2026-04-04T15:00:00Z, 2026-04-04T15:00:00Z, 2026-04-04T15:30:00Z",
        "2026-04-04T15:30:00Z, 2026-04-04T15:30:00Z, 2026-04-04T16:30:00Z"
    })
    void hoursOfLordHoweDoNotOverlap(Instant time, Instant start, Instant end) {
        ZoneId zone = ZoneId.of("Australia/Lord_Howe");
        assertThat(Windows.start(WindowSize.HOUR, time, zone)).isEqualTo(start);
        assertThat(Windows.end(WindowSize.HOUR, start, zone)).isEqualTo(end);
    }

    /** Until 2011 the clocks of Newfoundland went back at one minute past midnight, to yesterday. */
    @Test
    void aDayDoesNotGoOnAfterItsMidnight() {
        ZoneId zone = ZoneId.of("America/St_Johns");
        Instant midnight = LocalDate.of(2010, 11, 7).atStartOfDay(zone).toInstant();
        Instant yesterdayAgain = midnight.plus(30, ChronoUnit.MINUTES);
        assertThat(LocalDate.ofInstant(yesterdayAgain, zone)).isEqualTo(LocalDate.of(2010, 11, 6));
        assertThat(Windows.start(WindowSize.DAY, yesterdayAgain, zone)).isEqualTo(midnight);
    }

    @Property(tries = 20_000)
    void everyInstantLiesInItsWindow(
            @ForAll WindowSize size, @ForAll("times") Instant time, @ForAll("zones") ZoneId zone) {
        if (size == WindowSize.UNKNOWN) {
            return;
        }
        Instant start = Windows.start(size, time, zone);
        Instant end = Windows.end(size, start, zone);
        assertThat(start).isBeforeOrEqualTo(time);
        assertThat(end).isAfter(time);
        assertThat(Windows.start(size, start, zone)).isEqualTo(start);
        assertThat(Windows.start(size, end.minusNanos(1000), zone)).isEqualTo(start);
        // The next window begins where this one ends.
        assertThat(Windows.start(size, end, zone)).isEqualTo(end);
    }

    @Provide
    Arbitrary<Instant> times() {
        long first = Instant.parse("1905-01-01T00:00:00Z").getEpochSecond();
        long last = Instant.parse("2100-01-01T00:00:00Z").getEpochSecond();
        Arbitrary<Instant> any = Arbitraries.longs().between(first, last).map(Instant::ofEpochSecond);
        // Changes of the clock are where it goes wrong.
        Arbitrary<Instant> atChanges = zones().flatMap(zone -> any.map(
                        time -> zone.getRules().nextTransition(time))
                .map(change -> change == null ? Instant.EPOCH : change.getInstant())
                .flatMap(change -> Arbitraries.longs()
                        .between(-5_400_000_000L, 5_400_000_000L)
                        .map(micros -> change.plus(micros, ChronoUnit.MICROS))));
        return Arbitraries.oneOf(any, atChanges);
    }

    @Provide
    Arbitrary<ZoneId> zones() {
        return Arbitraries.of(
                        "America/New_York",
                        "Europe/Berlin",
                        "Asia/Seoul",
                        "Australia/Lord_Howe",
                        "Asia/Kolkata",
                        "Asia/Kathmandu",
                        "America/St_Johns",
                        "Pacific/Apia",
                        "Africa/Monrovia",
                        "UTC")
                .map(ZoneId::of);
    }

    @ParameterizedTest
    @CsvSource({
        // 35 days before 12:00 on 24 November in Seoul is 12:00 on 20 October, in the middle of that day.
        "2026-10-21T00:00:00+09:00, false",
        "2026-10-20T23:59:59.999999+09:00, true",
        "2026-10-20T12:00:00+09:00, true",
        "2026-10-20T00:00:00+09:00, true",
        "1970-01-01T00:00:00Z, true",
        "2026-11-24T12:00:00+09:00, false",
        "2061-01-01T00:00:00Z, false"
    })
    void aReadingIsLateWhereItsDayBeganBeforeTheGrace(Instant time, boolean late) {
        assertThat(Windows.late(time, Instant.parse("2026-11-24T12:00:00+09:00"), SEOUL))
                .isEqualTo(late);
    }

    @Test
    void aDayThatBeginsWithTheGraceIsNotLate() {
        Instant receivedAt = Instant.parse("2026-11-24T00:00:00+09:00");
        Instant day = Instant.parse("2026-10-20T00:00:00+09:00");
        assertThat(Duration.between(day, receivedAt)).isEqualTo(Windows.GRACE);
        assertThat(Windows.late(day, receivedAt, SEOUL)).isFalse();
        assertThat(Windows.late(day, receivedAt.plusNanos(1000), SEOUL)).isTrue();
    }

    @Property
    void allReadingsOfADayAreLateOrNone(@ForAll("times") Instant time, @ForAll("zones") ZoneId zone) {
        Instant receivedAt = time.plus(Windows.GRACE).plus(3, ChronoUnit.HOURS);
        Instant start = Windows.start(WindowSize.DAY, time, zone);
        Instant last = Windows.end(WindowSize.DAY, start, zone).minusNanos(1000);
        assertThat(Windows.late(time, receivedAt, zone))
                .isEqualTo(Windows.late(start, receivedAt, zone))
                .isEqualTo(Windows.late(last, receivedAt, zone));
    }

    @Test
    void aSizeOfANewerVersionIsRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> Windows.start(WindowSize.UNKNOWN, Instant.EPOCH, SEOUL));
        assertThatIllegalArgumentException().isThrownBy(() -> Windows.end(WindowSize.UNKNOWN, Instant.EPOCH, SEOUL));
    }
}
