package org.lifelog.portal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.lifelog.portal.PortalTest.assertProblem;
import static org.lifelog.portal.RunningPortal.ISENS;
import static org.lifelog.portal.RunningPortal.WONJU;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The {@code sleep} call, against nights with known times. */
class SleepReportTest {
    private static final String PATH = "/centers/wonju-yonsei/subjects/sleeper/sleep";
    private static final ZoneId SEOUL = ZoneId.of("Asia/Seoul");
    private static RunningPortal portal;

    @BeforeAll
    static void start() {
        portal = RunningPortal.start();
        TestRows rows = portal.rows;
        int watch = rows.device("wonju-yonsei", "watch");
        long asleep = rows.series("wonju-yonsei", "sleeper", "sleep_night", "part=asleep", "min");
        long deep = rows.series("wonju-yonsei", "sleeper", "sleep_night", "part=deep", "min");
        long period = rows.series("wonju-yonsei", "sleeper", "sleep_night", "part=period", "min");
        // From 23:40, 0:20 and 0:00 on, over midnight; midpoints 3:10, 4:10 and 3:30.
        night(rows, watch, asleep, period, "2026-11-02T06:40", 380, 420);
        night(rows, watch, asleep, period, "2026-11-03T08:00", 400, 460);
        night(rows, watch, asleep, period, "2026-11-04T07:00", 420, 420);
        rows.reading(deep, watch, at("2026-11-02T06:40"), 75, 0);
        // Only the minutes asleep are known.
        rows.reading(
                rows.series("wonju-yonsei", "short", "sleep_night", "part=asleep", "min"),
                watch,
                at("2026-11-02T06:00"),
                300,
                0);
    }

    private static Instant at(String time) {
        return LocalDateTime.parse(time).atZone(SEOUL).toInstant();
    }

    private static void night(
            TestRows rows, int device, long asleep, long period, String waking, double sleep, double whole) {
        rows.reading(asleep, device, at(waking), sleep, 0);
        rows.reading(period, device, at(waking), whole, 0);
    }

    @AfterAll
    static void stop() {
        portal.close();
    }

    private static JsonNode report(String path) {
        RunningPortal.Answer answer = portal.get(WONJU, path);
        assertThat(answer.status()).as(answer.response().body()).isEqualTo(200);
        return answer.body();
    }

    @Test
    void nightLiesOnTheDayOnWhichItEnded() {
        JsonNode night = report(PATH).at("/nights/0");

        assertThat(night.get("date").asText()).isEqualTo("2026-11-02");
        assertThat(night.get("asleep").asText()).isEqualTo("2026-11-01T14:40:00Z");
        assertThat(night.get("waking").asText()).isEqualTo("2026-11-01T21:40:00Z");
        assertThat(night.get("asleepClock").asDouble()).isEqualTo(23 * 60 + 40);
        assertThat(night.get("wakingClock").asDouble()).isEqualTo(400);
        assertThat(night.get("minutes").toString()).isEqualTo("{\"asleep\":380.0,\"deep\":75.0,\"period\":420.0}");
        assertThat(night.get("efficiency").asDouble()).isEqualTo(100.0 * 380 / 420, within(1e-9));
    }

    @Test
    void regularityGoesOnAfterMidnight() {
        JsonNode regularity = report(PATH).get("regularity");

        assertThat(regularity.get("n").asInt()).isEqualTo(3);
        assertThat(regularity.get("asleepMinutes").asDouble()).isEqualTo(400, within(1e-9));
        // -20, 20 and 0 minutes after midnight.
        assertThat(Math.IEEEremainder(regularity.get("asleepClock").asDouble(), 1_440))
                .isEqualTo(0, within(1e-9));
        assertThat(regularity.get("asleepSd").asDouble()).isEqualTo(20, within(1e-9));
        assertThat(regularity.get("wakingClock").asDouble()).isEqualTo((400 + 480 + 420) / 3.0, within(1e-9));
        // Midpoints 190, 250 and 210 minutes after midnight.
        double mean = (190 + 250 + 210) / 3.0;
        double sd = Math.sqrt((Math.pow(190 - mean, 2) + Math.pow(250 - mean, 2) + Math.pow(210 - mean, 2)) / 2);
        assertThat(regularity.get("midpointClock").asDouble()).isEqualTo(mean, within(1e-9));
        assertThat(regularity.get("midpointSd").asDouble()).isEqualTo(sd, within(1e-9));
    }

    @Test
    void oneNightHasNoDeviation() {
        JsonNode report = report(PATH.replace("sleeper", "short"));

        assertThat(report.at("/nights/0/asleep").asText()).isEqualTo("2026-11-01T16:00:00Z");
        assertThat(report.at("/regularity/n").asInt()).isEqualTo(1);
        assertThat(report.get("regularity").has("midpointSd")).isFalse();
        assertThat(report(PATH + "?to=2020-01-01T00:00:00Z").has("regularity")).isFalse();
    }

    @Test
    void wallsAndParametersHold() {
        assertProblem(portal.get(ISENS, PATH), 404, "not-found");
        assertProblem(portal.get(ISENS, PATH.replace("wonju-yonsei", "isens")), 404, "not-found");
        assertProblem(portal.get(WONJU, PATH + "?unit=min"), 400, "malformed");
        report(PATH + "?zone=Asia/Tokyo");
        assertThat(portal.rows.query(
                        "SELECT subject, detail FROM audit WHERE action = 'sleep'" + " AND detail LIKE '%Tokyo%'"))
                .containsExactly(List.of("sleeper", "zone=Asia/Tokyo"));
    }
}
