package org.lifelog.gateway.mqtt;

import java.util.Optional;

/**
 * The MQTT topic on which a device learns what became of its messages: {@code centers/{center}/devices/{device}/receipts}.
 *
 * @param center code of the center
 * @param device code of the device
 */
record ReceiptTopic(String center, String device) {
    private static final String RECEIPTS = "/receipts";
    private static final String READINGS = "/readings";

    /** Parses a topic; nothing where it is not of that form. */
    static Optional<ReceiptTopic> parse(String topic) {
        return topic.endsWith(RECEIPTS)
                ? DeviceTopic.parse(topic.substring(0, topic.length() - RECEIPTS.length()) + READINGS)
                        .map(ReceiptTopic::of)
                : Optional.empty();
    }

    /** The topic of the receipts for readings of a device. */
    static ReceiptTopic of(DeviceTopic readings) {
        return new ReceiptTopic(readings.center(), readings.device());
    }

    @Override
    public String toString() {
        return "centers/" + center + "/devices/" + device + RECEIPTS;
    }
}
