package org.lifelog.streams.research;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DeviceModelsTest {
    private static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");

    private final KnownDevices devices = new KnownDevices();
    private final DeviceModels models = new DeviceModels(Map.of("isens", Releases.of("isens", "r1", 0)));

    private static DeviceModel model(String model) {
        return new DeviceModel("isens", Optional.of("i-SENS"), model);
    }

    @Test
    void aModelOfEnoughSubjectsIsCommon() {
        devices.add("isens", "a", "i-SENS", "CareSens", "S-1");
        devices.add("isens", "b", "i-SENS", "CareSens", "S-2");
        devices.add("isens", "c", "i-SENS", "Prototype of Dr Kim", "S-3");
        assertThat(models.last().common()).isEmpty();

        models.count(devices, NOW);

        assertThat(models.last().common()).containsExactly(model("CareSens"));
    }

    @Test
    void subjectsAreCountedAndNotDevices() {
        devices.add("isens", "a", "i-SENS", "CareSens", "S-1");
        devices.add("isens", "b", "i-SENS", "CareSens", "S-1");
        devices.add("isens", "c", "i-SENS", "CareSens");
        devices.add("isens", "shared", "i-SENS", "Kiosk", "S-1", "S-2");
        models.count(devices, NOW);
        assertThat(models.last().common()).containsExactly(model("Kiosk"));
    }

    @Test
    void aModelIsCommonInItsOwnCenter() {
        devices.add("isens", "a", "i-SENS", "CareSens", "S-1");
        devices.add("goodoc", "b", "i-SENS", "CareSens", "S-2");
        devices.add("goodoc", "c", "i-SENS", "CareSens", "S-3");
        models.count(devices, NOW);
        assertThat(models.last().common()).isEmpty();
    }

    @Test
    void aDeviceWithoutModelCountsForNone() {
        devices.add("isens", "a", "i-SENS", null, "S-1", "S-2");
        models.count(devices, NOW);
        assertThat(models.last().common()).isEmpty();
    }

    @Test
    void theyAreCountedAnewAfterAWhile() {
        devices.add("isens", "a", "i-SENS", "CareSens", "S-1", "S-2");
        models.count(devices, NOW);
        DeviceModels.Count first = models.last();
        devices.remove("isens", "a");

        models.count(devices, NOW.plus(DeviceModels.BETWEEN_COUNTS).minusMillis(1));
        assertThat(models.last()).isSameAs(first);

        models.count(devices, NOW.plus(DeviceModels.BETWEEN_COUNTS));
        assertThat(models.last().common()).isEmpty();
        assertThat(models.last().number()).isEqualTo(first.number() + 1);
    }

    @Test
    void manyDevicesAreCountedPartByPart() {
        for (int i = 0; i < 25_000; i++) {
            devices.add("isens", "device-" + i, "i-SENS", i == 0 || i == 24_999 ? "Rare" : "CareSens", "S-" + i);
        }
        models.count(devices, NOW);
        models.count(devices, NOW);
        assertThat(devices.scans())
                .as("scans, of which the second was too early")
                .isEqualTo(1);
        models.count(devices, NOW.plus(DeviceModels.BETWEEN_PARTS));
        assertThat(models.last().common()).as("before the last part").isEmpty();
        models.count(devices, NOW.plus(DeviceModels.BETWEEN_PARTS.multipliedBy(2)));
        assertThat(models.last().common()).containsExactlyInAnyOrder(model("CareSens"), model("Rare"));
    }

    /** Whoever registers devices could make any number of models. */
    @Test
    void modelsBeyondTheBoundAreRare() {
        for (int i = 0; i < 10_001; i++) {
            String model = String.format("model-%05d", i);
            devices.add("isens", model + "-a", "i-SENS", model, "S-1");
        }
        devices.add("isens", "z-1", "i-SENS", "model-00000", "S-2");
        devices.add("isens", "z-2", "i-SENS", "model-10000", "S-2");
        models.count(devices, NOW);
        models.count(devices, NOW.plus(DeviceModels.BETWEEN_PARTS));
        assertThat(models.last().common()).containsExactly(model("model-00000"));
    }
}
