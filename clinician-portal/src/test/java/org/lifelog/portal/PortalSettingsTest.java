package org.lifelog.portal;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.lifelog.runtime.Settings;

class PortalSettingsTest {

    @Test
    void defaults() {
        Settings settings = Settings.load(PortalSettings.ALL, List.of(), Map.of("LIFELOG_PORTAL_ACCOUNTS", "a.json"));

        assertThat(settings.get(PortalSettings.HOST)).isEqualTo("127.0.0.1");
        assertThat(settings.get(PortalSettings.PORT)).isEqualTo(8090);
        assertThat(settings.get(PortalSettings.DATABASE_POOL_SIZE)).isEqualTo(8);
        assertThat(settings.get(PortalSettings.SESSION_DURATION)).isEqualTo(Duration.ofHours(8));
        assertThat(settings.get(PortalSettings.COOKIE_SECURE)).isFalse();
        assertThat(settings.get(PortalSettings.CENTERS)).isEmpty();
    }
}
