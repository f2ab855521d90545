package org.lifelog.portal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.lifelog.portal.RunningPortal.ISENS;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The worklist, against readings with known values. */
class WorklistTest {
    private static final Instant START = Instant.parse("2026-10-01T00:00:00Z");
    private static RunningPortal portal;

    @BeforeAll
    static void start() {
        portal = RunningPortal.start();
        TestRows rows = portal.rows;
        int device = rows.device("isens", "cgm-1");
        // 120 subjects; the later the code, the longer silent. Every third wears a monitor, with a gap.
        for (int i = 0; i < 120; i++) {
            String subject = "S-%03d".formatted(i);
            if (i % 3 == 0) {
                long cgm = rows.series("isens", subject, "glucose_cgm", "", "mg/dL");
                rows.readings(cgm, device, START.minusSeconds(i * 60L), 300, 300, 50 + i, 200);
                rows.readings(cgm, device, START.minusSeconds(i * 60L).plusSeconds(300_007), 40, 300, 50, 7);
            }
            long ketone = rows.series("isens", subject, "ketone_blood", "", "mmol/L");
            rows.reading(ketone, device, START.plusSeconds(1_000_000 - i), 0.2, 0);
        }
        rows.series("isens", "S-none_%", "ketone_blood", "", "mmol/L");
        long other = rows.series("wonju-yonsei", "S-other", "heart_rate", "", "/min");
        rows.reading(other, rows.device("wonju-yonsei", "band"), START, 60, 0);
        rows.aggregate();
    }

    @AfterAll
    static void stop() {
        portal.close();
    }

    @Test
    void byCodeInPagesOfFifty() {
        JsonNode first = worklist("?sort=code");
        assertThat(first.get("page").asInt()).isEqualTo(1);
        assertThat(first.get("pages").asInt()).isEqualTo(3);
        assertThat(first.get("total").asInt()).isEqualTo(121);
        assertThat(first.get("subjects")).hasSize(50);
        assertThat(first.at("/subjects/0/subject").asText()).isEqualTo("S-000");

        assertThat(worklist("?sort=code&page=2").at("/subjects/0/subject").asText())
                .isEqualTo("S-050");
        assertThat(worklist("?sort=code&page=3").get("subjects")).hasSize(21);
        assertThat(worklist("?sort=code&page=4").get("subjects")).isEmpty();
    }

    @Test
    void theLongestSilentFirst() {
        List<String> subjects = subjects(worklist("?sort=staleness"));

        assertThat(subjects.subList(0, 4)).containsExactly("S-none_%", "S-119", "S-118", "S-117");
    }

    @Test
    void searchesAPartOfTheCodeInAnyCase() {
        assertThat(subjects(worklist("?sort=code&q=s-11")))
                .hasSize(10)
                .startsWith("S-110")
                .endsWith("S-119");
        assertThat(worklist("?q=s-11").get("total").asInt()).isEqualTo(10);
        // The wildcards of SQL are no wildcards here.
        assertThat(subjects(worklist("?q=%25"))).containsExactly("S-none_%");
        assertThat(worklist("?q=nobody").get("total").asInt()).isZero();
        assertThat(worklist("?q=nobody").get("pages").asInt()).isEqualTo(1);
    }

    @Test
    void withoutRiskTheLongestSilentFirst() {
        assertThat(subjects(worklist(""))).isEqualTo(subjects(worklist("?sort=risk")));
        assertThat(subjects(worklist("?sort=risk"))).isEqualTo(subjects(worklist("?sort=staleness")));
    }

    @Test
    void unknownOrder() {
        RunningPortal.Answer answer = portal.get(ISENS, "/centers/isens/subjects?sort=age");

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.body().get("detail").asText()).isEqualTo("sort must be one of: code, risk, staleness.");
    }

    @Test
    void onlyTheOwnCenter() {
        assertThat(subjects(worklist("?q=other"))).isEmpty();
    }

    @Test
    void rowsTellWhatIsHeld() {
        JsonNode row = worklist("?sort=code").at("/subjects/1");

        assertThat(row.toString())
                .isEqualTo(
                        "{\"subject\":\"S-001\",\"lastReading\":\"2026-10-12T13:46:39Z\",\"metrics\":[\"ketone_blood\"],"
                                + "\"activePercent\":null,\"timeInRange\":null,\"flags\":[]}");
        assertThat(worklist("?sort=code").at("/subjects/0/metrics").toString())
                .isEqualTo("[\"glucose_cgm\",\"ketone_blood\"]");
        assertThat(worklist("?q=none").at("/subjects/0/lastReading").isNull()).isTrue();
    }

    @Test
    void glucoseFiguresAreThoseOfTheReport() {
        for (JsonNode row : worklist("?sort=code").get("subjects")) {
            if (row.get("timeInRange").isNull()) {
                continue;
            }
            JsonNode report = portal.get(
                            ISENS,
                            "/centers/isens/subjects/" + row.get("subject").asText() + "/glucose")
                    .body();
            assertThat(report.get("n").asInt()).isEqualTo(340);
            assertThat(row.get("activePercent").asDouble())
                    .isEqualTo(report.get("activePercent").asDouble(), within(1e-9))
                    .isLessThan(100);
            assertThat(row.get("timeInRange")).isEqualTo(report.get("timeInRange"));
        }
    }

    private static JsonNode worklist(String query) {
        RunningPortal.Answer answer = portal.get(ISENS, "/centers/isens/subjects" + query);
        assertThat(answer.status()).as(answer.response().body()).isEqualTo(200);
        return answer.body();
    }

    private static List<String> subjects(JsonNode worklist) {
        List<String> subjects = new ArrayList<>();
        worklist.get("subjects").forEach(row -> subjects.add(row.get("subject").asText()));
        return subjects;
    }
}
