package org.lifelog.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.NotEmpty;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.lifelog.avro.Device;
import org.lifelog.registry.TrustedClasses;

class DeviceKeyTest {
    @Test
    void aKeyIsCenterAndDevice() {
        TrustedClasses.trust();
        Device device = new Device("isens", "meter-1", null, null, List.of(), Instant.EPOCH, Map.of(), 0);
        assertThat(DeviceKey.of(device)).hasToString("isens/meter-1");
        assertThat(DeviceKey.parse("isens/meter-1")).isEqualTo(new DeviceKey("isens", "meter-1"));
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"", "/", "isens", "isens/", "/meter-1"})
    void aKeyWithoutCenterOrDeviceIsRefused(String key) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DeviceKey.parse(key))
                .withMessage("A key is center/device.");
    }

    @Property
    void parseIsTheInverseOfToString(@ForAll @AlphaChars @NotEmpty String center, @ForAll @NotEmpty String device) {
        DeviceKey key = new DeviceKey(center, device);
        assertThat(DeviceKey.parse(key.toString())).isEqualTo(key);
    }
}
