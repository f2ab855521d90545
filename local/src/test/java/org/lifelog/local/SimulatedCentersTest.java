package org.lifelog.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.lifelog.contract.Catalogue;
import org.lifelog.contract.Center;
import org.lifelog.contract.Centers;
import org.lifelog.contract.Metric;

class SimulatedCentersTest {
    private static final Instant FROM = Instant.parse("2026-10-20T00:00:00Z");
    private static final ZoneId SEOUL = ZoneId.of("Asia/Seoul");

    private final Catalogue catalogue = Catalogue.load();
    private final Map<String, List<SimulatedSeries>> byCenter = SimulatedCenters.byCenter();

    private static List<ObjectNode> readings(List<SimulatedSeries> series, Instant from, Instant to) {
        List<ObjectNode> readings = new ArrayList<>();
        series.forEach(one -> one.readings(from, to, SEOUL, readings::add));
        return readings;
    }

    @Test
    void everyCenterMeasuresAllThatItsEntrySaysAndTheServiceDoesNotMake() {
        for (Center center : Centers.load(catalogue).all()) {
            TreeSet<String> measured = new TreeSet<>();
            readings(byCenter.get(center.code()), FROM, FROM.plus(Duration.ofDays(30)))
                    .forEach(reading -> measured.add(reading.path("metric").asText()));

            TreeSet<String> sent = new TreeSet<>(center.metrics());
            sent.removeIf(code -> catalogue.metric(code).orElseThrow().madeOf().isPresent());
            assertThat(measured).as(center.code()).isEqualTo(sent);
        }
    }

    @Test
    void everyValueIsPossible() {
        byCenter.values()
                .forEach(series -> readings(series, FROM, FROM.plus(Duration.ofDays(30)))
                        .forEach(reading -> {
                            Metric metric = catalogue
                                    .metric(reading.path("metric").asText())
                                    .orElseThrow();
                            double value = catalogue
                                    .conversion(
                                            metric.code(), reading.path("unit").asText())
                                    .orElseThrow()
                                    .toCanonical(reading.path("value").asDouble());
                            assertThat(metric.hard().contains(value))
                                    .as(metric.code() + " " + value)
                                    .isTrue();
                        }));
    }

    @Test
    void halvesOfASpanGiveWhatTheWholeGives() {
        Instant middle = FROM.plus(Duration.ofHours(37)).plusSeconds(17);
        Instant to = FROM.plus(Duration.ofDays(3));
        byCenter.values().forEach(series -> {
            List<ObjectNode> parts = readings(series, FROM, middle);
            parts.addAll(readings(series, middle, to));

            assertThat(parts).containsExactlyInAnyOrderElementsOf(readings(series, FROM, to));
        });
    }
}
