package org.lifelog.portal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.lifelog.portal.RunningPortal.ISENS;
import static org.lifelog.portal.RunningPortal.WONJU;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.lifelog.contract.Flag;

/** The quality call, against rows with known flags and reasons. */
class QualityTest {
    private static final Instant START = Instant.parse("2026-10-01T00:00:00Z");
    private static final String SPAN = "?from=2026-10-01T00:00:00Z&to=2026-10-02T00:00:00Z";
    private static RunningPortal portal;

    @BeforeAll
    static void start() {
        portal = RunningPortal.start();
        TestRows rows = portal.rows;
        int sensor = rows.device("isens", "sensor");
        int meter = rows.device("isens", "meter");
        long cgm = rows.series("isens", "S-1", "glucose_cgm", "", "mg/dL");
        long smbg = rows.series("isens", "S-1", "glucose_smbg", "meal=fasting", "mg/dL");
        rows.readings(cgm, sensor, START, 100, 300, 90, 40);
        Instant later = START.plusSeconds(100 * 300);
        int below = Flag.BELOW_RANGE.bit() | Flag.OUTSIDE_USUAL_RANGE.bit();
        rows.reading(cgm, sensor, later, 40, below);
        rows.reading(cgm, sensor, later.plusSeconds(300), 40, below | Flag.CLOCK_SUSPECT.bit());
        rows.reading(cgm, sensor, later.plusSeconds(600), 260, Flag.OUTSIDE_USUAL_RANGE.bit());
        rows.reading(smbg, meter, later.plusSeconds(900), 600, Flag.ABOVE_RANGE.bit());
        rows.reading(smbg, meter, later.plusSeconds(1_200), 110, Flag.PROBABLE_DUPLICATE.bit() | Flag.LATE.bit());
        rows.reading(smbg, meter, later.plusSeconds(1_500), 111, Flag.FROZEN.bit() | Flag.CORRECTED.bit());
        // The day after, and another subject.
        rows.reading(cgm, sensor, START.plusSeconds(86_400), 40, Flag.BELOW_RANGE.bit());
        rows.reading(rows.series("isens", "S-2", "glucose_cgm", "", "mg/dL"), sensor, START, 40, below);

        quarantined("S-1", "sensor", later, later, "{impossible-value}");
        quarantined("S-1", "sensor", later, later.plusSeconds(1), "{conflicting-duplicate}");
        // Its time is not believed, so it belongs to the day on which it came.
        quarantined("S-1", "sensor", Instant.parse("2036-01-01T00:00:00Z"), later.plusSeconds(2), "{future-time}");
        quarantined("S-1", "sensor", later, START.plusSeconds(40 * 86_400), "{pair-reversed,impossible-value}");
        quarantined("S-1", "sensor", START.plusSeconds(86_400), later, "{impossible-value}");
        quarantined("S-2", "sensor", later, later, "{impossible-value}");
        quarantined("S-1", "sensor", later, later, "{unassigned-device}");
        rows.query("UPDATE quarantined SET released_at = now() WHERE reasons = '{unassigned-device}' RETURNING 1");
    }

    @AfterAll
    static void stop() {
        portal.close();
    }

    private static int offset;

    private static void quarantined(String subject, String device, Instant time, Instant received, String reasons) {
        portal.rows.query(
                "INSERT INTO quarantined (source_partition, source_offset, center, subject, device, metric, time, value,"
                        + " unit, reasons, detail, received_at, quarantined_at) VALUES (0, ?, 'isens', ?, ?, 'glucose_cgm',"
                        + " ?, 9000, 'mg/dL', ?::text[], 'why', ?, now()) RETURNING 1",
                offset++,
                subject,
                device,
                time,
                reasons,
                received);
    }

    @Test
    void countsByReasonAndDevice() {
        JsonNode quality = quality(SPAN);

        assertThat(quality.get("readings").asInt()).isEqualTo(106);
        assertThat(lines(quality, "censored"))
                .containsExactly("below-range stored glucose_cgm sensor 2", "above-range stored glucose_smbg meter 1");
        assertThat(lines(quality, "clock"))
                .containsExactly("clock-suspect stored glucose_cgm sensor 1", "future-time apart glucose_cgm sensor 1");
        assertThat(lines(quality, "duplicates"))
                .containsExactly(
                        "conflicting-duplicate apart glucose_cgm sensor 1",
                        "probable-duplicate stored glucose_smbg meter 1");
        assertThat(lines(quality, "late")).containsExactly("late stored glucose_smbg meter 1");
        assertThat(lines(quality, "doubtful")).containsExactly("frozen stored glucose_smbg meter 1");
        assertThat(lines(quality, "corrected")).containsExactly("corrected stored glucose_smbg meter 1");
        assertThat(lines(quality, "quarantined"))
                .containsExactly(
                        "impossible-value apart glucose_cgm sensor 2", "pair-reversed apart glucose_cgm sensor 1");
        assertThat(quality.at("/censored/0/last").asText()).isEqualTo("2026-10-01T08:25:00Z");
    }

    @Test
    void theNewestFirst() {
        JsonNode newest = quality(SPAN).get("newest");

        assertThat(newest).hasSize(9);
        assertThat(newest.get(0).toString())
                .isEqualTo(
                        "{\"codes\":[\"pair-reversed\",\"impossible-value\"],\"stored\":false,\"value\":9000.0,"
                                + "\"unit\":\"mg/dL\",\"metric\":\"glucose_cgm\",\"device\":\"sensor\","
                                + "\"time\":\"2026-10-01T08:20:00Z\",\"receivedAt\":\"2026-11-10T00:00:00Z\",\"detail\":\"why\"}");
        assertThat(newest.at("/1/codes").toString()).isEqualTo("[\"frozen\",\"corrected\"]");
        assertThat(newest.at("/1/value").asDouble()).isEqualTo(111);
    }

    @Test
    void untilNowUnlessTold() {
        JsonNode quality = quality("");

        assertThat(quality.get("from").asText()).isEqualTo("2026-09-18T00:00:00Z");
        assertThat(quality.get("readings").asInt()).isEqualTo(107);
        assertThat(lines(quality, "quarantined")).contains("impossible-value apart glucose_cgm sensor 3");
    }

    @Test
    void nothingToDistrust() {
        JsonNode quality = quality("?from=2026-10-01T00:00:00Z&to=2026-10-01T08:00:00Z");

        assertThat(quality.get("readings").asInt()).isEqualTo(96);
        for (String list :
                List.of("censored", "duplicates", "late", "clock", "doubtful", "corrected", "quarantined", "newest")) {
            assertThat(quality.get(list)).as(list).isEmpty();
        }
    }

    @Test
    void whatIsAskedIsChecked() {
        RunningPortal.Answer tooLong = portal.get(
                ISENS, "/centers/isens/subjects/S-1/quality?from=2026-01-01T00:00:00Z&to=2026-10-01T00:00:00Z");
        assertThat(tooLong.status()).isEqualTo(400);
        assertThat(tooLong.body().get("detail").asText())
                .isEqualTo("from and to span more than 92 days; ask for less time.");
        assertThat(portal.get(ISENS, "/centers/isens/subjects/S-1/quality?metric=steps")
                        .status())
                .isEqualTo(400);
        assertThat(portal.get(ISENS, "/centers/isens/subjects/nobody/quality").status())
                .isEqualTo(404);
    }

    @Test
    void onlyTheOwnCenterAndEachReadIsAudited() {
        assertThat(portal.get(WONJU, "/centers/isens/subjects/S-1/quality").status())
                .isEqualTo(404);
        assertThat(portal.get(WONJU, "/centers/wonju-yonsei/subjects/S-1/quality")
                        .status())
                .isEqualTo(404);
        String span = "?from=2026-10-01T00:00:00Z&to=2026-10-01T00:00:01Z";
        quality(span);
        assertThat(portal.rows.query(
                        "SELECT username, subject, action FROM audit WHERE detail = ?",
                        "from=2026-10-01T00:00:00Z to=2026-10-01T00:00:01Z"))
                .containsExactly(List.of(ISENS, "S-1", "quality"));
    }

    private static JsonNode quality(String query) {
        RunningPortal.Answer answer = portal.get(ISENS, "/centers/isens/subjects/S-1/quality" + query);
        assertThat(answer.status()).as(answer.response().body()).isEqualTo(200);
        return answer.body();
    }

    private static List<String> lines(JsonNode quality, String list) {
        List<String> lines = new ArrayList<>();
        quality.get(list)
                .forEach(count -> lines.add(String.join(
                        " ",
                        count.get("code").asText(),
                        count.get("stored").asBoolean() ? "stored" : "apart",
                        count.get("metric").asText(),
                        count.get("device").asText(),
                        count.get("n").asText())));
        return lines;
    }
}
