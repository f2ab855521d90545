package org.lifelog.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The drill in short: what it says of loss and order must hold however slow the machine is; what takes how long is not asked. */
class OutageDrillTest {
    @TempDir
    private Path folder;

    @Test
    void nothingAcknowledgedIsLost() throws Exception {
        OutageDrill.Plan plan = new OutageDrill.Plan(
                List.of(OutageDrill.Way.PAUSE, OutageDrill.Way.KILL),
                Duration.ofSeconds(5),
                1,
                Duration.ofSeconds(2),
                2,
                20);

        OutageDrill.Result result = OutageDrill.run(plan, folder, System.out::println);

        assertThat(result.counts()).containsOnlyKeys("http", "mqtt-qos1", "mqtt-qos2");
        result.counts().forEach((protocol, count) -> {
            assertThat(count.sent()).as(protocol).isPositive();
            assertThat(count.acknowledged()).as(protocol).isEqualTo(count.sent());
            assertThat(count.lost()).as(protocol).isZero();
            assertThat(count.outOfOrder()).as(protocol).isZero();
        });
        assertThat(result.sessionsLost()).isZero();
        assertThat(result.others().get("http")).isZero();
    }
}
