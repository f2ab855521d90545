package org.lifelog.portal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.lifelog.portal.RunningPortal.ISENS;
import static org.lifelog.portal.RunningPortal.WONJU;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The {@code glucose} call, against readings with known values. */
class GlucoseReportTest {
    /** Midnight in Seoul. */
    private static final Instant START = Instant.parse("2026-11-01T15:00:00Z");

    private static final int FOUR_WEEKS = 28 * 288;
    private static RunningPortal portal;

    @BeforeAll
    static void start() {
        portal = RunningPortal.start();
        TestRows rows = portal.rows;
        int device = rows.device("isens", "cgm-1");
        // 60, 61, ... 259, 60, ...
        rows.readings(cgm("enough"), device, START, FOUR_WEEKS, 300, 60, 200);
        rows.readings(cgm("short"), device, START, 12 * 288, 300, 60, 200);
        // Nine hours of each day.
        for (int day = 0; day < 15; day++) {
            rows.readings(
                    day == 0 ? cgm("sparse") : sparse(), device, START.plusSeconds(86_400L * day), 108, 300, 100, 1);
        }
        rows.series("isens", "silent", "glucose_cgm", "", "mg/dL");
        long fasting = rows.series("isens", "meter", "glucose_smbg", "meal=fasting", "mg/dL");
        long after = rows.series("isens", "meter", "glucose_smbg", "meal=after", "mg/dL");
        rows.reading(fasting, device, START, 90, 0);
        rows.reading(after, device, START.plusSeconds(7_200), 190, 0);
    }

    @AfterAll
    static void stop() {
        portal.close();
    }

    private static long cgm(String subject) {
        return portal.rows.series("isens", subject, "glucose_cgm", "", "mg/dL");
    }

    private static long sparse() {
        return (Long) portal.rows
                .query("SELECT series_id FROM series WHERE subject = 'sparse'")
                .get(0)
                .get(0);
    }

    @Test
    void figuresOfFourteenDays() {
        JsonNode report = glucose("enough", "");

        // The last 14 days begin with reading 4031 and end with reading 8063: 4033 readings, both ends inside.
        int first = FOUR_WEEKS - 1 - 14 * 288;
        int n = 14 * 288 + 1;
        double sum = 0;
        int low = 0;
        int in = 0;
        int high = 0;
        int veryHigh = 0;
        for (int i = first; i < FOUR_WEEKS; i++) {
            double value = 60 + i % 200;
            sum += value;
            low += value < 70 ? 1 : 0;
            in += value >= 70 && value <= 180 ? 1 : 0;
            high += value > 180 ? 1 : 0;
            veryHigh += value > 250 ? 1 : 0;
        }
        double squares = 0;
        for (int i = first; i < FOUR_WEEKS; i++) {
            squares += Math.pow(60 + i % 200 - sum / n, 2);
        }
        double sd = Math.sqrt(squares / (n - 1));

        assertThat(report.get("metric").asText()).isEqualTo("glucose_cgm");
        assertThat(report.get("unit").asText()).isEqualTo("mg/dL");
        assertThat(report.get("zone").asText()).isEqualTo("Asia/Seoul");
        assertThat(report.get("n").asInt()).isEqualTo(n);
        assertThat(report.get("days").asDouble()).isEqualTo(14);
        assertThat(report.get("activePercent").asDouble()).isEqualTo(100);
        assertThat(report.get("mean").asDouble()).isEqualTo(sum / n, within(1e-9));
        assertThat(report.get("sd").asDouble()).isEqualTo(sd, within(1e-9));
        assertThat(report.get("cv").asDouble()).isEqualTo(100 * sd / (sum / n), within(1e-9));
        assertThat(report.get("gmi").asDouble()).isEqualTo(3.31 + 0.02392 * sum / n, within(1e-9));
        assertThat(report.at("/counts/below54").asInt()).isZero();
        assertThat(report.at("/counts/below70").asInt()).isEqualTo(low);
        assertThat(report.at("/counts/in70to180").asInt()).isEqualTo(in);
        assertThat(report.at("/counts/above180").asInt()).isEqualTo(high);
        assertThat(report.at("/counts/above250").asInt()).isEqualTo(veryHigh);
        assertThat(report.at("/timeInRange/in70to180").asDouble()).isEqualTo(100.0 * in / n, within(1e-9));
        assertThat(report.at("/sufficiency/enough").asBoolean()).isTrue();
        assertThat(report.get("agp")).hasSize(48);
        // The first reading is of 23:55 of the day before.
        assertThat(report.get("daily")).hasSize(15);
        assertThat(report.at("/daily/0/date").asText()).isEqualTo("2026-11-15");
        assertThat(report.at("/daily/0/n").asInt()).isEqualTo(1);
        assertThat(report.at("/daily/1/n").asInt()).isEqualTo(288);
        assertThat(report.at("/daily/1/from").asText()).isEqualTo("2026-11-15T15:00:00Z");
    }

    @Test
    void unitChangesTheOutputOnly() {
        JsonNode mgdl = glucose("enough", "");
        JsonNode mmol = glucose("enough", "?unit=mmol/L");

        assertThat(mmol.get("unit").asText()).isEqualTo("mmol/L");
        for (String converted : new String[] {"/mean", "/sd", "/median", "/agp/7/p5", "/agp/7/p95", "/daily/3/mean"}) {
            assertThat(mmol.at(converted).asDouble())
                    .as(converted)
                    .isEqualTo(mgdl.at(converted).asDouble() / 18.01559, within(1e-9));
        }
        for (String same : new String[] {"/n", "/cv", "/gmi", "/timeInRange", "/counts", "/activePercent"}) {
            assertThat(mmol.at(same)).as(same).isEqualTo(mgdl.at(same));
        }
    }

    @Test
    void zoneMovesTheDays() {
        assertThat(glucose("enough", "?zone=UTC").at("/daily/0/n").asInt()).isEqualTo(109);
    }

    @Test
    void spanThatIsGiven() {
        JsonNode report = glucose("enough", "?from=2026-11-01T15:00:00Z&to=2026-11-01T16:00:00Z");

        assertThat(report.get("n").asInt()).isEqualTo(12);
        assertThat(report.get("mean").asDouble()).isEqualTo(65.5);
        assertThat(report.get("median").asDouble()).isEqualTo(65.5);
    }

    @Test
    void sufficiencySaysWhatIsMissing() {
        JsonNode tooShort = glucose("short", "");
        assertThat(tooShort.at("/sufficiency/enough").asBoolean()).isFalse();
        assertThat(tooShort.at("/sufficiency/reason").asText())
                .isEqualTo("The readings span 12.0 days; a reliable report needs 14.");

        JsonNode sparse = glucose("sparse", "?from=2026-11-01T15:00:00Z");
        assertThat(sparse.at("/sufficiency/enough").asBoolean()).isFalse();
        assertThat(sparse.at("/sufficiency/reason").asText())
                .startsWith("The sensor was active for ")
                .endsWith(" % of the time; a reliable report needs 70 %.");
    }

    @Test
    void noReadingsAreNoFigures() {
        JsonNode report = glucose("silent", "");

        assertThat(report.get("n").asInt()).isZero();
        assertThat(report.get("mean").isNull()).isTrue();
        assertThat(report.get("timeInRange").isNull()).isTrue();
        assertThat(report.at("/sufficiency/reason").asText()).isEqualTo("There are no readings in this period.");
    }

    @Test
    void meterReadingsAreTakenTogetherAndNeverEnough() {
        JsonNode report = glucose("meter", "?metric=glucose_smbg");

        assertThat(report.get("n").asInt()).isEqualTo(2);
        assertThat(report.get("mean").asDouble()).isEqualTo(140);
        assertThat(report.get("activePercent").isNull()).isTrue();
        assertThat(report.at("/sufficiency/enough").asBoolean()).isFalse();
    }

    @Test
    void previousIsAsLongATimeJustBefore() {
        JsonNode previous = glucose("enough", "?previous=true&unit=mmol/L").get("previous");

        // The two weeks before reading 4031, with which the report begins; the first of them lacks the reading before
        // 0.
        int first = FOUR_WEEKS - 1 - 28 * 288;
        int end = FOUR_WEEKS - 1 - 14 * 288;
        int n = 0;
        double sum = 0;
        int in = 0;
        for (int i = Math.max(0, first); i < end; i++) {
            double value = 60 + i % 200;
            n++;
            sum += value;
            in += value >= 70 && value <= 180 ? 1 : 0;
        }
        assertThat(previous.get("n").asInt()).isEqualTo(n);
        assertThat(previous.get("to").asText())
                .isEqualTo(glucose("enough", "").get("from").asText());
        assertThat(previous.get("mean").asDouble()).isEqualTo(sum / n / 18.01559, within(1e-9));
        assertThat(previous.get("gmi").asDouble()).isEqualTo(3.31 + 0.02392 * sum / n, within(1e-9));
        assertThat(previous.at("/timeInRange/in70to180").asDouble()).isEqualTo(100.0 * in / n, within(1e-9));
        assertThat(previous.at("/sufficiency/enough").asBoolean()).isTrue();
        assertThat(glucose("enough", "").get("previous").isNull()).isTrue();
    }

    @Test
    void previousWithoutReadingsHasNoFigures() {
        JsonNode previous = glucose("short", "?previous=true").get("previous");

        assertThat(previous.get("n").asInt()).isZero();
        assertThat(previous.get("mean").isNull()).isTrue();
        assertThat(previous.at("/sufficiency/enough").asBoolean()).isFalse();
    }

    @Test
    void previousIsTrueOrFalse() {
        RunningPortal.Answer answer = portal.get(ISENS, "/centers/isens/subjects/enough/glucose?previous=yes");

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.code()).isEqualTo("malformed");
        assertThat(answer.body().get("detail").asText()).isEqualTo("previous must be one of: false, true.");
    }

    @Test
    void meterReadingsHaveAModalDayByTheirMeals() {
        JsonNode day = glucose("meter", "?metric=glucose_smbg").get("modalDay");

        assertThat(day.get("bins")).hasSize(1);
        assertThat(day.at("/bins/0/minute").asInt()).isZero();
        assertThat(day.at("/bins/0/p50").asDouble()).isEqualTo(140);
        assertThat(day.at("/bins/0/meals/fasting").asInt()).isEqualTo(1);
        assertThat(day.at("/meals/0/meal").asText()).isEqualTo("after");
        assertThat(day.at("/meals/0/mean").asDouble()).isEqualTo(190);
        // 15:00 and 17:00 in UTC.
        JsonNode utc =
                glucose("meter", "?metric=glucose_smbg&zone=UTC&unit=mmol/L").get("modalDay");
        assertThat(utc.at("/bins/0/minute").asInt()).isEqualTo(15 * 60);
        assertThat(utc.at("/meals/1/max").asDouble()).isEqualTo(90 / 18.01559, within(1e-9));
        assertThat(glucose("enough", "").get("modalDay").isNull()).isTrue();
    }

    @Test
    void anotherCentersClinicianFindsNothing() {
        assertThat(portal.get(WONJU, "/centers/isens/subjects/enough/glucose?previous=true")
                        .status())
                .isEqualTo(404);
    }

    private static JsonNode glucose(String subject, String query) {
        RunningPortal.Answer answer = portal.get(ISENS, "/centers/isens/subjects/" + subject + "/glucose" + query);
        assertThat(answer.status()).as(answer.response().body()).isEqualTo(200);
        return answer.body();
    }
}
