package org.lifelog.gateway.format;

import java.time.LocalDate;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;

/**
 * Reads times in ISO 8601 with an offset, as {@link OffsetDateTime#parse(CharSequence)} does. The form in which nearly
 * all are sent is read here, because Java's formatter takes several times as long as all the rest of a reading does.
 */
final class EffectiveTime {
    private static final int UP_TO_SECONDS = 19;
    private static final int NANO_DIGITS = 9;
    private static final int MOST_OFFSET_HOURS = 17;
    private static final int WRONG = -1;

    private EffectiveTime() {}

    /**
     * The time and the offset of a text.
     *
     * @throws DateTimeParseException where it is not of that form
     */
    static OffsetDateTime parse(String text) {
        OffsetDateTime usual = usual(text);
        return usual == null ? OffsetDateTime.parse(text) : usual;
    }

    /** {@code 2026-11-24T07:31:05}, up to nine digits of a second, and {@code Z} or {@code +09:00}; null for all else. */
    private static OffsetDateTime usual(String text) {
        if (!hasMarks(text)) {
            return null;
        }
        LocalDate date = date(text);
        int hour = two(text, 11, 23);
        int minute = two(text, 14, 59);
        int second = two(text, 17, 59);
        int end = endOfFraction(text);
        ZoneOffset offset = offset(text, end);
        if (date == null || offset == null || (hour | minute | second) < 0) {
            return null;
        }
        return OffsetDateTime.of(date, LocalTime.of(hour, minute, second, nanos(text, end)), offset);
    }

    private static boolean hasMarks(String text) {
        return text.length() > UP_TO_SECONDS
                && text.charAt(4) == '-'
                && text.charAt(7) == '-'
                && text.charAt(10) == 'T'
                && text.charAt(13) == ':'
                && text.charAt(16) == ':';
    }

    private static LocalDate date(String text) {
        int century = two(text, 0, 99);
        int yearOfCentury = two(text, 2, 99);
        int month = two(text, 5, 12);
        int day = two(text, 8, 31);
        if ((century | yearOfCentury | month | day) < 0 || month == 0 || day == 0) {
            return null;
        }
        int year = 100 * century + yearOfCentury;
        return day > 28 && day > YearMonth.of(year, month).lengthOfMonth() ? null : LocalDate.of(year, month, day);
    }

    /** Where the point and one to nine digits after it end; where the seconds end if they are not there. */
    private static int endOfFraction(String text) {
        int at = UP_TO_SECONDS;
        if (text.charAt(at) == '.') {
            do {
                at++;
            } while (at < text.length() && at <= UP_TO_SECONDS + NANO_DIGITS && digit(text, at) >= 0);
        }
        return at == UP_TO_SECONDS + 1 ? UP_TO_SECONDS : at;
    }

    private static int nanos(String text, int end) {
        int nanos = 0;
        for (int at = UP_TO_SECONDS + 1; at <= UP_TO_SECONDS + NANO_DIGITS; at++) {
            nanos = 10 * nanos + (at < end ? digit(text, at) : 0);
        }
        return nanos;
    }

    private static ZoneOffset offset(String text, int at) {
        int length = text.length() - at;
        if (length == 1 && text.charAt(at) == 'Z') {
            return ZoneOffset.UTC;
        }
        if (length != 6 || text.charAt(at + 3) != ':' || text.charAt(at) != '+' && text.charAt(at) != '-') {
            return null;
        }
        int hours = two(text, at + 1, MOST_OFFSET_HOURS);
        int minutes = two(text, at + 4, 59);
        if ((hours | minutes) < 0) {
            return null;
        }
        int seconds = 3_600 * hours + 60 * minutes;
        return ZoneOffset.ofTotalSeconds(text.charAt(at) == '-' ? -seconds : seconds);
    }

    /** A number of two digits; negative where there are none, or it is larger than the most. */
    private static int two(String text, int at, int most) {
        int tens = digit(text, at);
        int ones = digit(text, at + 1);
        int number = 10 * tens + ones;
        return (tens | ones) < 0 || number > most ? WRONG : number;
    }

    private static int digit(String text, int at) {
        int digit = text.charAt(at) - '0';
        return digit >= 0 && digit <= 9 ? digit : WRONG;
    }
}
