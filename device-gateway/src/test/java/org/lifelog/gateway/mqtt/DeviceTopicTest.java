package org.lifelog.gateway.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeviceTopicTest {
    @Test
    void aTopicNamesCenterAndDevice() {
        DeviceTopic topic = new DeviceTopic("isens", "meter-1");
        assertThat(topic).hasToString("centers/isens/devices/meter-1/readings");
        assertThat(DeviceTopic.parse("centers/isens/devices/meter-1/readings")).contains(topic);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/",
                "readings",
                "centers/isens/devices/meter-1",
                "centers/isens/devices/meter-1/readings/",
                "/centers/isens/devices/meter-1/readings",
                "centers/isens/devices//readings",
                "centers/isens/devices/~meter/readings",
                "centers/isens/devices/meter 1/readings",
                "centers/isens/devices/meter-1/receipts",
                "Centers/isens/devices/meter-1/readings",
                "$SYS/isens/devices/meter-1/readings"
            })
    void otherTopicsAreNotOurs(String topic) {
        assertThat(DeviceTopic.parse(topic)).isEmpty();
    }
}
