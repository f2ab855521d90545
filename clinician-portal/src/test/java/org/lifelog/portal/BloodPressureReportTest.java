package org.lifelog.portal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.lifelog.portal.PortalTest.assertProblem;
import static org.lifelog.portal.RunningPortal.ISENS;
import static org.lifelog.portal.RunningPortal.WONJU;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The {@code blood-pressure} call, against pairs with known means. */
class BloodPressureReportTest {
    private static final String PATH = "/centers/wonju-yonsei/subjects/pressed/blood-pressure";
    private static RunningPortal portal;

    @BeforeAll
    static void start() {
        portal = RunningPortal.start();
        TestRows rows = portal.rows;
        int cuff = rows.device("wonju-yonsei", "cuff");
        int other = rows.device("wonju-yonsei", "cuff-2");
        long systolic = rows.series("wonju-yonsei", "pressed", "bp_systolic", "posture=sitting", "mm[Hg]");
        long diastolic = rows.series("wonju-yonsei", "pressed", "bp_diastolic", "posture=sitting", "mm[Hg]");
        long lying = rows.series("wonju-yonsei", "pressed", "bp_diastolic", "posture=lying", "mm[Hg]");
        long pulse = rows.series("wonju-yonsei", "pressed", "heart_rate", "", "/min");
        // Times in Seoul: 4:00 and 9:59 are morning, 10:00 is not; 18:00 and 1:59 are evening, 2:00 is not.
        for (Object[] one : new Object[][] {
            {"2026-11-01T19:00:00Z", 150.0, 90.0},
            {"2026-11-02T00:59:59Z", 131.0, 84.0},
            {"2026-11-02T01:00:00Z", 120.0, 70.0},
            {"2026-11-02T09:00:00Z", 135.0, 80.0},
            {"2026-11-02T16:59:59Z", 125.0, 79.0},
            {"2026-11-02T17:00:00Z", 110.0, 85.0}
        }) {
            Instant time = Instant.parse((String) one[0]);
            rows.reading(systolic, cuff, time, (double) one[1], 0);
            rows.reading(diastolic, cuff, time, (double) one[2], 0);
        }
        rows.reading(pulse, cuff, Instant.parse("2026-11-01T19:00:00Z"), 66, 0);
        // Not its partner: another device, another posture, another second.
        Instant alone = Instant.parse("2026-11-03T00:00:00Z");
        rows.reading(systolic, cuff, alone, 180, 0);
        rows.reading(diastolic, other, alone, 60, 0);
        rows.reading(lying, cuff, alone, 61, 0);
        rows.reading(diastolic, cuff, alone.plusSeconds(1), 62, 0);
        rows.reading(pulse, other, Instant.parse("2026-11-02T00:59:59Z"), 99, 0);
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
    void pairsHaveInstantDeviceAndPostureInCommon() {
        JsonNode report = report("");

        assertThat(report.get("columns").toString())
                .isEqualTo("[\"time\",\"systolic\",\"diastolic\",\"pulse\",\"part\",\"attributes\"]");
        assertThat(report.get("points")).hasSize(6);
        assertThat(report.at("/points/0").toString())
                .isEqualTo("[1793559600000,150.0,90.0,66.0,\"morning\",\"posture=sitting\"]");
        assertThat(report.at("/points/1/3").isNull()).isTrue();
        assertThat(List.of(0, 1, 2, 3, 4, 5))
                .extracting(i -> report.at("/points/" + i + "/4").asText())
                .containsExactly("morning", "morning", "other", "evening", "evening", "other");
        assertThat(report.get("unpaired").asInt()).isEqualTo(4);
        assertThat(report.get("unit").asText()).isEqualTo("mm[Hg]");
        assertThat(report.get("days").asInt()).isEqualTo(2);
    }

    @Test
    void meansAreOfMorningsAndEvenings() {
        JsonNode report = report("");

        assertThat(report.at("/morning/n").asInt()).isEqualTo(2);
        assertThat(report.at("/morning/systolic").asDouble()).isEqualTo(140.5);
        assertThat(report.at("/morning/diastolic").asDouble()).isEqualTo(87);
        assertThat(report.at("/morning/pulse").asDouble()).isEqualTo(66);
        assertThat(report.at("/evening/systolic").asDouble()).isEqualTo(130);
        assertThat(report.at("/evening/diastolic").asDouble()).isEqualTo(79.5);
        assertThat(report.get("evening").has("pulse")).isFalse();
        assertThat(report.at("/all/systolic").asDouble()).isEqualTo(771.0 / 6, within(1e-9));
        // 150/90, 135/80 and 110/85: one value at the threshold is enough.
        assertThat(report.at("/all/aboveThreshold").asDouble()).isEqualTo(50);
        assertThat(report.at("/threshold").toString()).isEqualTo("{\"systolic\":135.0,\"diastolic\":85.0}");
    }

    @Test
    void zoneDecidesWhatMorningIs() {
        assertThat(report("?zone=UTC").at("/points/0/4").asText()).isEqualTo("evening");
    }

    @Test
    void spanWithoutPairsHasNoMeans() {
        JsonNode report = report("?from=2020-01-01T00:00:00Z&to=2020-02-01T00:00:00Z");

        assertThat(report.get("all").toString()).isEqualTo("{\"n\":0}");
        assertThat(report.get("points")).isEmpty();
    }

    @Test
    void wallsAndParametersHold() {
        assertProblem(portal.get(ISENS, PATH), 404, "not-found");
        assertProblem(portal.get(ISENS, PATH.replace("wonju-yonsei", "isens")), 404, "not-found");
        assertProblem(portal.get(WONJU, PATH + "?metric=bp_systolic"), 400, "malformed");
        assertProblem(portal.get(WONJU, PATH + "?zone=Nowhere"), 400, "malformed");
        assertProblem(portal.get(WONJU, PATH + "?from=yesterday"), 400, "malformed");
        portal.get(WONJU, PATH + "?zone=Asia/Tokyo");
        assertThat(portal.rows.query("SELECT subject, detail FROM audit WHERE action = 'blood-pressure'"
                        + " AND detail LIKE '%Tokyo%'"))
                .containsExactly(List.of("pressed", "zone=Asia/Tokyo"));
    }
}
