package org.lifelog.portal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.lifelog.portal.PortalTest.assertProblem;
import static org.lifelog.portal.RunningPortal.ISENS;
import static org.lifelog.portal.RunningPortal.WONJU;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The {@code audiogram} call, against tests with known averages. */
class AudiogramReportTest {
    private static final String PATH = "/centers/wonju-yonsei/subjects/listener/audiogram";
    private static RunningPortal portal;

    @BeforeAll
    static void start() {
        portal = RunningPortal.start();
        TestRows rows = portal.rows;
        int device = rows.device("wonju-yonsei", "audiometer");
        Instant old = Instant.parse("2026-01-05T01:00:00Z");
        // 23:30 UTC is the next day in Seoul.
        Instant recent = Instant.parse("2026-11-01T23:30:00Z");
        int i = 0;
        for (int frequency : new int[] {250, 500, 1_000, 2_000, 4_000}) {
            long right = series(rows, "right", frequency);
            rows.reading(right, device, old, 10, 0);
            rows.reading(right, device, recent, 15 + 10 * i++, 0);
            if (frequency != 2_000) {
                rows.reading(series(rows, "left", frequency), device, recent, 40, 0);
            }
        }
        // Measured again on the same day.
        rows.query(
                "WITH done AS (INSERT INTO reading (series_id, time, device_id, value, received_at)"
                        + " SELECT series_id, ?, ?, 20, now() FROM series WHERE attributes = 'ear=right;frequency=250'"
                        + " RETURNING 1) SELECT * FROM done",
                recent.plusSeconds(600),
                device);
    }

    private static long series(TestRows rows, String ear, int frequency) {
        return rows.series("wonju-yonsei", "listener", "audiogram", "ear=" + ear + ";frequency=" + frequency, "dB");
    }

    @AfterAll
    static void stop() {
        portal.close();
    }

    private static JsonNode report(String query) {
        RunningPortal.Answer answer = portal.get(WONJU, PATH + query);
        assertThat(answer.status()).as(answer.response().body()).isEqualTo(200);
        return answer.body();
    }

    @Test
    void testsOfAllTimeComeNewestFirst() {
        JsonNode report = report("");

        assertThat(report.get("tests")).hasSize(2);
        assertThat(report.at("/tests/0/date").asText()).isEqualTo("2026-11-02");
        assertThat(report.at("/tests/0/right").toString())
                .isEqualTo("{\"thresholds\":{\"250\":20.0,\"500\":25.0,\"1000\":35.0,\"2000\":45.0,\"4000\":55.0},"
                        + "\"pureToneAverage\":40.0}");
        assertThat(report.at("/tests/1/date").asText()).isEqualTo("2026-01-05");
        assertThat(report.at("/tests/1/right/pureToneAverage").asDouble()).isEqualTo(10);
        assertThat(report.at("/tests/1").has("left")).isFalse();
    }

    @Test
    void averageNeedsAllFourFrequencies() {
        assertThat(report("").at("/tests/0/left").toString())
                .isEqualTo("{\"thresholds\":{\"250\":40.0,\"500\":40.0,\"1000\":40.0,\"4000\":40.0}}");
    }

    @Test
    void spanCanBeChosen() {
        assertThat(report("?from=2026-06-01T00:00:00Z").get("tests")).hasSize(1);
        assertThat(report("?to=2020-01-01T00:00:00Z").get("tests")).isEmpty();
    }

    @Test
    void wallsAndParametersHold() {
        assertProblem(portal.get(ISENS, PATH), 404, "not-found");
        assertProblem(portal.get(ISENS, PATH.replace("wonju-yonsei", "isens")), 404, "not-found");
        assertProblem(portal.get(WONJU, PATH + "?ear=left"), 400, "malformed");
        report("?from=2025-06-01T00:00:00Z");
        assertThat(portal.rows.query("SELECT subject, detail FROM audit WHERE action = 'audiogram'"
                        + " AND detail LIKE '%2025-06%'"))
                .containsExactly(List.of("listener", "from=2025-06-01T00:00:00Z"));
    }
}
