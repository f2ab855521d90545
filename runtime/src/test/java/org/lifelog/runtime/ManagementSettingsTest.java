package org.lifelog.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ManagementSettingsTest {
    @Test
    void thePortIsOnLoopbackUnlessToldOtherwise() {
        Settings settings = Settings.load(
                List.of(ManagementSettings.HOST, ManagementSettings.PORT),
                List.of(),
                Map.of("LIFELOG_MANAGEMENT_PORT", "9100"));
        assertThat(settings.get(ManagementSettings.HOST)).isEqualTo("127.0.0.1");
        assertThat(settings.get(ManagementSettings.PORT)).isEqualTo(9100);
    }
}
