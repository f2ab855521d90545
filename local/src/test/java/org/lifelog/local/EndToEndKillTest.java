package org.lifelog.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** One service is killed with SIGKILL in the middle of a send and started again: nothing is lost and nothing doubled. */
class EndToEndKillTest {
    private static final int READINGS = 2_400;
    private static final int BATCH = 40;

    private final RunningPlatform service = RunningPlatform.shared();

    @ParameterizedTest
    @CsvSource({
        "device-gateway, http",
        "device-gateway, mqtt",
        "streams-app, http",
        "timeseries-sink, mqtt",
        "clinician-portal, http"
    })
    void sendSurvivesTheDeathOf(String victim, String protocol) throws InterruptedException {
        String subject = "killed-" + victim + "-" + protocol;
        Instant start = Instant.now().truncatedTo(ChronoUnit.HOURS).minus(Duration.ofDays(9));
        List<GlucoseCourse.Point> points = GlucoseCourse.points(start, READINGS);
        List<Outgoing> readings = GlucoseCourse.readings(subject, "cgm-" + protocol, points);
        ServiceProcess process = service.platform().service(victim);
        Process killed = process.process();

        try (ReadingSender sender = protocol.equals("http") ? service.http("isens") : service.mqtt("isens")) {
            for (int i = 0; i < readings.size(); i += BATCH) {
                if (i == READINGS / 2) {
                    killed.destroyForcibly();
                }
                assertThat(sender.send(readings.subList(i, i + BATCH)).problems())
                        .isEmpty();
            }
        }
        assertThat(killed.waitFor()).isEqualTo(137);
        service.platform().awaitReady(process);

        assertThat(LedgerCommand.await(service.credentials(), Duration.ofMinutes(3))
                        .closes())
                .isTrue();
        assertThat(process.process().pid()).isNotEqualTo(killed.pid());
        assertThat(service.query("SELECT extract(epoch FROM time)::bigint, value FROM v_reading WHERE subject = '"
                        + subject + "' ORDER BY time"))
                .containsExactlyElementsOf(points.stream()
                        .map(point -> point.time().getEpochSecond() + "|" + text(point.value()))
                        .toList());
    }

    /** As PostgreSQL prints it. */
    private static String text(double value) {
        return value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value);
    }
}
