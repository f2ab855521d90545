package org.lifelog.portal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.lifelog.portal.RunningPortal.ISENS;

import java.time.Duration;
import java.time.Instant;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class WorklistSnapshotsTest {
    @Test
    void theLongerItTakesTheLongerItIsKept() {
        assertThat(WorklistSnapshots.kept(Duration.ofMillis(10))).isEqualTo(Duration.ofSeconds(1));
        assertThat(WorklistSnapshots.kept(Duration.ofMillis(500))).isEqualTo(Duration.ofSeconds(20));
        assertThat(WorklistSnapshots.kept(Duration.ofSeconds(3))).isEqualTo(Duration.ofMinutes(15));
        assertThat(WorklistSnapshots.kept(Duration.ofSeconds(60))).isEqualTo(Duration.ofMinutes(40));
    }

    @Test
    void whatIsNewAppearsAndWhatIsGoneIsNotShown() {
        try (RunningPortal portal = RunningPortal.start()) {
            assertThat(total(portal)).isZero();
            long series = portal.rows.series("isens", "S-1", "ketone_blood", "", "mmol/L");
            portal.rows.reading(series, portal.rows.device("isens", "meter"), Instant.now(), 0.2, 0);

            Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> total(portal) == 1);

            portal.rows.query("DELETE FROM series RETURNING 1");
            assertThat(portal.get(ISENS, "/centers/isens/subjects").body().get("subjects"))
                    .isEmpty();
        }
    }

    private static int total(RunningPortal portal) {
        return portal.get(ISENS, "/centers/isens/subjects").body().get("total").asInt();
    }
}
