package org.lifelog.portal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.lifelog.portal.RunningPortal.ISENS;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class SubjectSummaryTest {
    private static final Instant START = Instant.parse("2026-11-02T00:00:00Z");
    private static RunningPortal portal;

    @BeforeAll
    static void start() {
        portal = RunningPortal.start();
        TestRows rows = portal.rows;
        int old = rows.device("isens", "cgm-old");
        int current = rows.device("isens", "cgm-new");
        long after = rows.series("isens", "S 1/é", "glucose_smbg", "meal=after", "mg/dL");
        long cgm = rows.series("isens", "S 1/é", "glucose_cgm", "", "mg/dL");
        rows.reading(cgm, old, START, 100, 0);
        rows.reading(cgm, current, START.plusSeconds(86_400), 110, 0);
        rows.reading(after, old, START.plusSeconds(60), 120, 0);
        rows.query("INSERT INTO quarantined (source_partition, source_offset, center, subject, reasons, received_at,"
                + " quarantined_at) VALUES (0, 1, 'isens', 'S 1/é', ARRAY['future-time'], now(), now()),"
                + " (0, 2, 'isens', 'S 1/é', ARRAY['future-time', 'impossible-value'], now(), now()),"
                + " (0, 3, 'isens', 'S 1/é', ARRAY['ancient-time'], now() - interval '1 year', now()),"
                + " (0, 4, 'isens', 'other', ARRAY['future-time'], now(), now()) RETURNING 1");
    }

    @AfterAll
    static void stop() {
        portal.close();
    }

    @Test
    void tellsMetricsDevicesAndClockWarnings() {
        RunningPortal.Answer answer = portal.get(ISENS, "/centers/isens/subjects/S%201%2F%C3%A9");
        assertThat(answer.status()).isEqualTo(200);
        JsonNode summary = answer.body();

        assertThat(summary.get("subject").asText()).isEqualTo("S 1/é");
        assertThat(summary.get("firstReading").asText()).isEqualTo("2026-11-02T00:00:00Z");
        assertThat(summary.get("lastReading").asText()).isEqualTo("2026-11-03T00:00:00Z");
        assertThat(summary.get("metrics")).hasSize(2);
        assertThat(summary.at("/metrics/0/metric/code").asText()).isEqualTo("glucose_cgm");
        assertThat(summary.at("/metrics/0/metric/glucoseReport").asBoolean()).isTrue();
        assertThat(summary.at("/metrics/0/lastReading").asText()).isEqualTo("2026-11-03T00:00:00Z");
        assertThat(summary.at("/metrics/1/series").toString())
                .isEqualTo("[{\"attributes\":\"meal=after\",\"firstReading\":\"2026-11-02T00:01:00Z\","
                        + "\"lastReading\":\"2026-11-02T00:01:00Z\"}]");
        assertThat(summary.get("devices").toString())
                .isEqualTo("[{\"device\":\"cgm-new\",\"lastReading\":\"2026-11-03T00:00:00Z\"},"
                        + "{\"device\":\"cgm-old\",\"lastReading\":\"2026-11-02T00:01:00Z\"}]");
        assertThat(summary.get("clockWarnings")).hasSize(1);
        assertThat(summary.at("/clockWarnings/0/reason").asText()).isEqualTo("future-time");
        assertThat(summary.at("/clockWarnings/0/n").asInt()).isEqualTo(2);
    }
}
