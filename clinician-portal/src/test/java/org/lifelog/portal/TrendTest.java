package org.lifelog.portal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.lifelog.portal.PortalTest.assertProblem;
import static org.lifelog.portal.RunningPortal.ISENS;
import static org.lifelog.portal.RunningPortal.WONJU;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.lifelog.contract.Flag;

/** The {@code series} call, against readings with known values. */
class TrendTest {
    /** 09:00 in Seoul. */
    private static final Instant START = Instant.parse("2026-11-02T00:00:00Z");

    private static RunningPortal portal;

    @BeforeAll
    static void start() {
        portal = RunningPortal.start();
        TestRows rows = portal.rows;
        int device = rows.device("isens", "cgm-1");
        long gaps = rows.series("isens", "gaps", "glucose_cgm", "", "mg/dL");
        rows.reading(gaps, device, START, 100, 0);
        rows.reading(gaps, device, START.plusSeconds(300), 40, Flag.OUTSIDE_USUAL_RANGE.bit() | Flag.BELOW_RANGE.bit());
        rows.reading(gaps, device, Instant.parse("2026-11-02T06:00:00.123456Z"), 124.307571, 0);
        int band = rows.device("wonju-yonsei", "band-1");
        rows.readings(rows.series("wonju-yonsei", "few", "heart_rate", "", "/min"), band, START, 2_000, 10, 60, 40);
        rows.readings(rows.series("wonju-yonsei", "many", "heart_rate", "", "/min"), band, START, 2_001, 10, 60, 40);
        rows.readings(rows.series("wonju-yonsei", "week", "heart_rate", "", "/min"), band, START, 10_080, 60, 60, 40);
        rows.readings(rows.series("wonju-yonsei", "year", "heart_rate", "", "/min"), band, START, 8_760, 3_600, 60, 40);
        rows.readings(rows.series("wonju-yonsei", "long", "heart_rate", "", "/min"), band, START, 50_001, 1, 60, 40);
        long steps = rows.series("wonju-yonsei", "walker", "steps", "", "{steps}");
        rows.reading(steps, band, START, 412, 0);
        rows.query("UPDATE reading SET end_time = time + interval '15 minutes' WHERE series_id = ? RETURNING 1", steps);
        long fasting = rows.series("isens", "meals", "glucose_smbg", "meal=fasting", "mg/dL");
        long after = rows.series("isens", "meals", "glucose_smbg", "meal=after", "mg/dL");
        rows.reading(fasting, device, START, 90, 0);
        rows.reading(after, device, START.plusSeconds(7_200), 150, 0);
        rows.aggregate();
    }

    @AfterAll
    static void stop() {
        portal.close();
    }

    @Test
    void rawPointsHaveValuesFlagsAndMicroseconds() {
        JsonNode trend = isens("gaps", "metric=glucose_cgm");

        assertThat(trend.get("metric").asText()).isEqualTo("glucose_cgm");
        assertThat(trend.get("unit").asText()).isEqualTo("mg/dL");
        assertThat(trend.get("resolution").asText()).isEqualTo("raw");
        assertThat(trend.get("from").asText()).isEqualTo("2026-10-19T06:00:00.123456Z");
        assertThat(trend.get("to").asText()).isEqualTo("2026-11-02T06:00:00.123457Z");
        assertThat(trend.get("truncated").asBoolean()).isFalse();
        assertThat(trend.get("columns").toString()).isEqualTo("[\"time\",\"value\",\"flags\"]");
        assertThat(trend.get("attributes").asText()).isEmpty();
        assertThat(trend.has("series")).isFalse();
        // The gap of six hours stays one: nothing is filled in.
        assertThat(portal.get(ISENS, "/centers/isens/subjects/gaps/series?metric=glucose_cgm")
                        .response()
                        .body())
                .contains("\"points\":[[1793577600000,100.0,[]],"
                        + "[1793577900000,40.0,[\"outside-usual-range\",\"below-range\"]],"
                        + "[1793599200123.456,124.307571,[]]]");
    }

    @Test
    void fromIsInsideAndToIsNot() {
        JsonNode trend = isens("gaps", "metric=glucose_cgm&from=2026-11-02T09:00:00%2B09:00&to=2026-11-02T00:05:00Z");

        assertThat(trend.get("points")).hasSize(1);
        assertThat(trend.at("/points/0/1").asDouble()).isEqualTo(100);
    }

    @Test
    void spanWithoutReadingsIsEmpty() {
        assertThat(isens("gaps", "metric=glucose_cgm&from=2020-01-01T00:00:00Z&to=2021-01-01T00:00:00Z")
                        .get("points"))
                .isEmpty();
    }

    @Test
    void metricThatIsNotHeldIsEmpty() {
        JsonNode trend = isens("gaps", "metric=hba1c");

        assertThat(trend.get("unit").asText()).isEqualTo("%");
        assertThat(trend.get("points")).isEmpty();
    }

    @Test
    void autoAnswersUpToTwoThousandReadings() {
        JsonNode trend = wonju("few", "metric=heart_rate");

        assertThat(trend.get("resolution").asText()).isEqualTo("raw");
        assertThat(trend.get("points")).hasSize(2_000);
    }

    @Test
    void autoTakesMinutesForOneReadingMore() {
        JsonNode trend = wonju("many", "metric=heart_rate");

        assertThat(trend.get("resolution").asText()).isEqualTo("1m");
        assertThat(trend.get("columns").toString())
                .isEqualTo("[\"time\",\"n\",\"mean\",\"min\",\"max\",\"sd\",\"first\",\"last\",\"sum\"]");
        assertThat(trend.get("points")).hasSize(334);
        // 60, 61, 62, 63, 64, 65: the sample deviation is the root of 3.5.
        JsonNode first = trend.at("/points/0");
        assertThat(first.get(0).asLong()).isEqualTo(START.toEpochMilli());
        assertThat(first.get(1).asInt()).isEqualTo(6);
        assertThat(first.get(2).asDouble()).isEqualTo(62.5);
        assertThat(first.get(3).asDouble()).isEqualTo(60);
        assertThat(first.get(4).asDouble()).isEqualTo(65);
        assertThat(first.get(5).asDouble()).isEqualTo(Math.sqrt(3.5), within(1e-12));
        assertThat(first.get(6).asDouble()).isEqualTo(60);
        assertThat(first.get(7).asDouble()).isEqualTo(65);
        assertThat(first.get(8).asDouble()).isEqualTo(375);
        // The last minute has one reading, and so no deviation.
        JsonNode last = trend.at("/points/333");
        assertThat(last.get(1).asInt()).isEqualTo(3);
    }

    @Test
    void autoTakesHoursWhereMinutesAreTooMany() {
        JsonNode trend = wonju("week", "metric=heart_rate");

        assertThat(trend.get("resolution").asText()).isEqualTo("1h");
        assertThat(trend.get("points")).hasSize(168);
        assertThat(trend.at("/points/0/1").asInt()).isEqualTo(60);
    }

    @Test
    void autoTakesDaysWhereHoursAreTooMany() {
        JsonNode trend = wonju("year", "metric=heart_rate&from=2026-01-01T00:00:00Z");

        assertThat(trend.get("resolution").asText()).isEqualTo("1d");
        // 365 times 24 hours that begin at 09:00 touch 366 days.
        assertThat(trend.get("points")).hasSize(366);
        assertThat(trend.at("/points/0/0").asLong())
                .isEqualTo(Instant.parse("2026-11-01T15:00:00Z").toEpochMilli());
        assertThat(trend.at("/points/0/1").asInt()).isEqualTo(15);
    }

    @Test
    void resolutionCanBeChosen() {
        assertThat(wonju("few", "metric=heart_rate&resolution=1h").get("points"))
                .hasSize(6);
        assertThat(wonju("many", "metric=heart_rate&resolution=raw").get("points"))
                .hasSize(2_001);
    }

    @Test
    void tooManyPointsAreRefusedWithAdvice() {
        RunningPortal.Answer answer =
                portal.get(WONJU, "/centers/wonju-yonsei/subjects/long/series?metric=heart_rate&resolution=raw");

        assertProblem(answer, 400, "malformed");
        assertThat(answer.body().get("detail").asText()).contains("50000 points", "coarser resolution");
    }

    @Test
    void intervalsHaveAnEnd() {
        JsonNode trend = wonju("walker", "metric=steps");

        assertThat(trend.get("columns").toString()).isEqualTo("[\"time\",\"value\",\"flags\",\"end\"]");
        assertThat(trend.at("/points/0/3").asLong())
                .isEqualTo(START.plus(Duration.ofMinutes(15)).toEpochMilli());
    }

    @Test
    void severalSeriesStayApartUnlessOneIsChosen() {
        JsonNode all = isens("meals", "metric=glucose_smbg");
        assertThat(all.has("points")).isFalse();
        assertThat(all.get("series").toString())
                .isEqualTo("[{\"attributes\":\"meal=after\",\"points\":[[1793584800000,150.0,[]]]},"
                        + "{\"attributes\":\"meal=fasting\",\"points\":[[1793577600000,90.0,[]]]}]");

        JsonNode one = isens("meals", "metric=glucose_smbg&attributes=meal%3Dfasting");
        assertThat(one.has("series")).isFalse();
        assertThat(one.get("attributes").asText()).isEqualTo("meal=fasting");
        assertThat(one.get("points").toString()).isEqualTo("[[1793577600000,90.0,[]]]");

        assertThat(isens("meals", "metric=glucose_smbg&attributes=meal%3Dbedtime")
                        .get("points"))
                .isEmpty();
    }

    private static JsonNode isens(String subject, String query) {
        return ok(portal.get(ISENS, "/centers/isens/subjects/" + subject + "/series?" + query));
    }

    private static JsonNode wonju(String subject, String query) {
        return ok(portal.get(WONJU, "/centers/wonju-yonsei/subjects/" + subject + "/series?" + query));
    }

    private static JsonNode ok(RunningPortal.Answer answer) {
        assertThat(answer.status()).as(answer.response().body()).isEqualTo(200);
        return answer.body();
    }
}
