package org.lifelog.gateway.mqtt;

import java.util.Optional;
import org.lifelog.gateway.format.Codes;

/**
 * The MQTT topic to which a device publishes: {@code centers/{center}/devices/{device}/readings}.
 *
 * @param center code of the center
 * @param device code of the device
 */
public record DeviceTopic(String center, String device) {
    private static final int LEVELS = 5;

    /** Parses a topic; nothing where it is not of that form. */
    public static Optional<DeviceTopic> parse(String topic) {
        String[] levels = topic.split("/", -1);
        boolean ours = levels.length == LEVELS
                && levels[0].equals("centers")
                && levels[2].equals("devices")
                && levels[4].equals("readings")
                && Codes.valid(levels[3]);
        return ours ? Optional.of(new DeviceTopic(levels[1], levels[3])) : Optional.empty();
    }

    @Override
    public String toString() {
        return "centers/" + center + "/devices/" + device + "/readings";
    }
}
