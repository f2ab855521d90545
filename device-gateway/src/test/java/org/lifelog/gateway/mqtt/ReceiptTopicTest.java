package org.lifelog.gateway.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReceiptTopicTest {
    @Test
    void receiptsOfADeviceLieBesideItsReadings() {
        ReceiptTopic topic = ReceiptTopic.of(new DeviceTopic("isens", "meter-1"));
        assertThat(topic).hasToString("centers/isens/devices/meter-1/receipts");
        assertThat(ReceiptTopic.parse("centers/isens/devices/meter-1/receipts")).contains(topic);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "#",
                "centers/isens/devices/+/receipts",
                "centers/isens/devices/meter-1/readings",
                "centers/isens/devices/meter-1/readings/receipts",
                "/receipts",
                "receipts"
            })
    void otherTopicsAreNotOurs(String topic) {
        assertThat(ReceiptTopic.parse(topic)).isEmpty();
    }
}
