package org.lifelog.portal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.lifelog.portal.RunningPortal.ISENS;
import static org.lifelog.portal.RunningPortal.WONJU;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Risk, from stored windows, against a plain count of the readings. */
class WorklistRiskTest {
    private static final ZoneId SEOUL = ZoneId.of("Asia/Seoul");
    private static final LocalDate TODAY = LocalDate.now(SEOUL);
    private static RunningPortal portal;

    @BeforeAll
    static void start() {
        portal = RunningPortal.start();
        TestRows rows = portal.rows;
        int cgm = rows.device("isens", "cgm-1");
        // Five-minute readings of whole days up to yesterday: today's are still to come.
        long lows = rows.series("isens", "lows", "glucose_cgm", "", "mg/dL");
        rows.readings(lows, cgm, day(13), 13 * 288, 300, 45, 200); // 45 to 244
        long dropped = rows.series("isens", "dropped", "glucose_cgm", "", "mg/dL");
        rows.readings(dropped, cgm, day(27), 14 * 288, 300, 80, 101); // 80 to 180: all in range
        rows.readings(dropped, cgm, day(13), 13 * 288, 300, 80, 200); // 80 to 279: 101 of 200
        long well = rows.series("isens", "well", "glucose_cgm", "", "mg/dL");
        rows.readings(well, cgm, day(13), 13 * 288, 300, 80, 100);
        long before = rows.series("isens", "low-before", "glucose_cgm", "", "mg/dL");
        rows.readings(before, cgm, day(27), 14 * 288, 300, 45, 200);
        long meter = rows.series("isens", "meter", "glucose_smbg", "meal=fasting", "mg/dL");
        rows.reading(meter, rows.device("isens", "meter-1"), day(2), 53.9, 0);

        int cuff = rows.device("wonju-yonsei", "cuff");
        long systolic = rows.series("wonju-yonsei", "pressed", "bp_systolic", "posture=sitting", "mm[Hg]");
        rows.readings(systolic, cuff, day(5), 4, 86_400, 140, 10);
        long saturation = rows.series("wonju-yonsei", "breathless", "spo2", "", "%");
        rows.readings(saturation, cuff, day(5), 10, 60, 85, 5);
        long calm = rows.series("wonju-yonsei", "calm", "heart_rate", "", "/min");
        rows.readings(calm, cuff, day(5), 10, 60, 60, 5);
        rows.aggregate();
    }

    @AfterAll
    static void stop() {
        portal.close();
    }

    @Test
    void theRiskiestFirstWithTheReasons() {
        JsonNode list = list(ISENS, "isens", "");

        assertThat(subjects(list)).containsExactly("lows", "dropped", "meter", "low-before", "well");
        assertThat(list.at("/subjects/2/flags").toString())
                .isEqualTo("[{\"code\":\"meterBelow54\",\"value\":1.0,\"limit\":1.0,\"unit\":\"1\"}]");
        assertThat(list.at("/subjects/3/flags")).isEmpty();
        assertThat(list.at("/subjects/4/flags")).isEmpty();
        assertThat(Duration.between(Instant.parse(list.get("asOf").asText()), Instant.now()))
                .isLessThan(Duration.ofMinutes(1));
    }

    @Test
    void sharesAreThoseOfTheReadings() {
        JsonNode flags = list(ISENS, "isens", "?q=lows").at("/subjects/0/flags");
        int below54 = 0;
        int below70 = 0;
        int n = 13 * 288;
        for (int i = 0; i < n; i++) {
            below54 += 45 + i % 200 < 54 ? 1 : 0;
            below70 += 45 + i % 200 < 70 ? 1 : 0;
        }

        assertThat(flags).hasSize(2);
        assertThat(flags.at("/0/code").asText()).isEqualTo("below54");
        assertThat(flags.at("/0/value").asDouble()).isEqualTo(100.0 * below54 / n, within(1e-9));
        assertThat(flags.at("/1/code").asText()).isEqualTo("below70");
        assertThat(flags.at("/1/value").asDouble()).isEqualTo(100.0 * below70 / n, within(1e-9));
    }

    @Test
    void aDropIsTheDifferenceOfTheTwoPeriods() {
        JsonNode flags = list(ISENS, "isens", "?q=dropped").at("/subjects/0/flags");
        int inRange = 0;
        int n = 13 * 288;
        for (int i = 0; i < n; i++) {
            inRange += 80 + i % 200 <= 180 ? 1 : 0;
        }

        assertThat(flags).hasSize(1);
        assertThat(flags.at("/0/code").asText()).isEqualTo("rangeDrop");
        assertThat(flags.at("/0/value").asDouble()).isEqualTo(100 - 100.0 * inRange / n, within(1e-9));
    }

    @Test
    void centersWithoutGlucoseHaveTheRiskOfWhatTheyHave() {
        JsonNode list = list(WONJU, "wonju-yonsei", "?sort=risk");

        assertThat(subjects(list)).containsExactly("breathless", "pressed", "calm");
        assertThat(list.at("/subjects/0/flags").toString())
                .isEqualTo("[{\"code\":\"saturationLow\",\"value\":87.0,\"limit\":91.0,\"unit\":\"%\"}]");
        assertThat(list.at("/subjects/1/flags").toString())
                .isEqualTo("[{\"code\":\"systolicHigh\",\"value\":141.5,\"limit\":135.0,\"unit\":\"mm[Hg]\"}]");
    }

    @Test
    void anotherCentersWorklistIsNotThere() {
        assertThat(portal.get(WONJU, "/centers/isens/subjects?sort=risk").status())
                .isEqualTo(404);
    }

    private static Instant day(int ago) {
        return TODAY.minusDays(ago).atStartOfDay(SEOUL).toInstant();
    }

    private static JsonNode list(String who, String center, String query) {
        RunningPortal.Answer answer = portal.get(who, "/centers/" + center + "/subjects" + query);
        assertThat(answer.status()).as(answer.response().body()).isEqualTo(200);
        return answer.body();
    }

    private static List<String> subjects(JsonNode worklist) {
        List<String> subjects = new ArrayList<>();
        worklist.get("subjects").forEach(row -> subjects.add(row.get("subject").asText()));
        return subjects;
    }
}
