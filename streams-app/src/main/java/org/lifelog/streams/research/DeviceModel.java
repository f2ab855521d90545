package org.lifelog.streams.research;

import java.util.Optional;
import org.lifelog.avro.Device;

/**
 * A model of devices in one center.
 *
 * @param center code of the center
 * @param manufacturer who makes it, where known
 * @param model its name, as whoever registered the devices wrote it
 */
record DeviceModel(String center, Optional<String> manufacturer, String model) {
    /** The model of a device, where it is known. */
    static Optional<DeviceModel> of(Device device) {
        return Optional.ofNullable(device.getModel())
                .map(model ->
                        new DeviceModel(device.getCenter(), Optional.ofNullable(device.getManufacturer()), model));
    }
}
