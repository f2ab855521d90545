package org.lifelog.contract;

import org.lifelog.avro.Device;

/**
 * Key of {@code lifelog.devices}: {@code center/device}, plain UTF-8.
 *
 * @param center code of the center
 * @param device code of the device, unique within its center
 */
public record DeviceKey(String center, String device) {
    private static final char SEPARATOR = '/';

    /** The key of a device. */
    public static DeviceKey of(Device device) {
        return new DeviceKey(device.getCenter(), device.getDevice());
    }

    /**
     * Parses a key.
     *
     * @throws IllegalArgumentException where there is no center or no device
     */
    public static DeviceKey parse(String key) {
        int at = key == null ? -1 : key.indexOf(SEPARATOR);
        if (at < 1 || at == key.length() - 1) {
            throw new IllegalArgumentException("A key is center/device.");
        }
        return new DeviceKey(key.substring(0, at), key.substring(at + 1));
    }

    /** The key as it stands in Kafka. */
    @Override
    public String toString() {
        return center + SEPARATOR + device;
    }
}
