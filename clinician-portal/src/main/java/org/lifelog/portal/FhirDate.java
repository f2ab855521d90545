package org.lifelog.portal;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.Year;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One {@code date} of a FHIR search as the span of times that match it. A value without an offset is one of the
 * center's clock; a value that leaves parts out stands for the whole year, month, day, minute or second.
 */
final class FhirDate {
    /** What PostgreSQL and microseconds can both hold with room to spare. */
    static final Span ALL = new Span(Instant.parse("1900-01-01T00:00:00Z"), Instant.parse("2200-01-01T00:00:00Z"));

    private static final Pattern FORM = Pattern.compile("([a-z]{2})?(\\d{4}(?:-\\d\\d(?:-\\d\\d)?)?)"
            + "(?:T(\\d\\d:\\d\\d(?::\\d\\d(\\.\\d{1,6})?)?)(Z|[+-]\\d\\d:\\d\\d)?)?");
    private static final Set<String> PREFIXES = Set.of("eq", "ge", "gt", "le", "lt");
    private static final int MONTH = "2026-11".length();
    private static final int YEAR = "2026".length();
    private static final int DAY = "2026-11-24".length();
    private static final int MINUTES = "07:31".length();
    private static final int DECIMALS_OF_MICROS = 6;

    private FhirDate() {}

    /**
     * The times that match.
     *
     * @throws RefusedException as {@link Failure#MALFORMED} where it is no date of FHIR, or has another prefix
     */
    static Span parse(String text, ZoneId zone) {
        Matcher form = FORM.matcher(text);
        String prefix = form.matches() ? form.group(1) == null ? "eq" : form.group(1) : "";
        if (!PREFIXES.contains(prefix)) {
            throw malformed();
        }
        Span value;
        try {
            value = value(form, zone);
        } catch (DateTimeException e) {
            throw malformed();
        }
        if (value.from().isBefore(ALL.from()) || value.to().isAfter(ALL.to())) {
            throw RefusedException.malformed("date must lie between the years 1900 and 2200.");
        }
        return switch (prefix) {
            case "ge" -> new Span(value.from(), ALL.to());
            case "gt" -> new Span(value.to(), ALL.to());
            case "le" -> new Span(ALL.from(), value.to());
            case "lt" -> new Span(ALL.from(), value.from());
            default -> value;
        };
    }

    /** The times that lie in both. */
    static Span both(Span one, Span other) {
        return new Span(
                one.from().isAfter(other.from()) ? one.from() : other.from(),
                one.to().isBefore(other.to()) ? one.to() : other.to());
    }

    private static Span value(Matcher form, ZoneId zone) {
        String date = form.group(2);
        String time = form.group(3);
        if (time == null) {
            return days(date, zone);
        }
        if (date.length() != DAY) {
            throw malformed();
        }
        String local = date + "T" + time;
        String offset = form.group(5);
        Instant from = offset == null
                ? LocalDateTime.parse(local).atZone(zone).toInstant()
                : OffsetDateTime.parse(local + offset).toInstant();
        if (time.length() == MINUTES) {
            return new Span(from, from.plus(1, ChronoUnit.MINUTES));
        }
        String decimals = form.group(4);
        long micros = 1;
        for (int i = decimals == null ? 0 : decimals.length() - 1; i < DECIMALS_OF_MICROS; i++) {
            micros *= 10;
        }
        return new Span(from, from.plus(micros, ChronoUnit.MICROS));
    }

    private static Span days(String date, ZoneId zone) {
        LocalDate first;
        LocalDate after;
        if (date.length() == YEAR) {
            first = Year.parse(date).atDay(1);
            after = first.plusYears(1);
        } else if (date.length() == MONTH) {
            first = YearMonth.parse(date).atDay(1);
            after = first.plusMonths(1);
        } else {
            first = LocalDate.parse(date);
            after = first.plusDays(1);
        }
        return new Span(
                first.atStartOfDay(zone).toInstant(), after.atStartOfDay(zone).toInstant());
    }

    private static RefusedException malformed() {
        return RefusedException.malformed(String.format(
                Locale.ROOT,
                "date must be a date of FHIR with one of the prefixes %s or none, such as ge2026-11-24 or"
                        + " lt2026-11-24T07:31:05%%2B09:00 (the plus sign written as %%2B).",
                String.join(", ", PREFIXES.stream().sorted().toList())));
    }
}
