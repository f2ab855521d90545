package org.lifelog.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.ZoneId;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CenterTest {
    @Test
    void aCenterKnowsItsDaysAndMetrics() {
        Center center = new Center(
                "lab",
                "Lab",
                "검사실",
                ZoneId.of("Asia/Seoul"),
                false,
                Set.of("weight"),
                Optional.of(UnknownDevices.ACCEPT),
                Optional.empty(),
                Optional.empty(),
                Retention.FOR_EVER);
        assertThat(center.zone()).isEqualTo(ZoneId.of("Asia/Seoul"));
        assertThat(center.metrics()).containsExactly("weight");
        assertThat(center.site()).isFalse();
        assertThat(center.unknownDevices()).contains(UnknownDevices.ACCEPT);
    }
}
