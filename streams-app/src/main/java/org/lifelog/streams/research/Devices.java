package org.lifelog.streams.research;

import java.util.Optional;
import java.util.function.Consumer;
import org.lifelog.avro.Device;

/** The registered devices. */
public interface Devices {
    /** A device as it is registered now; empty where it is not. */
    Optional<Device> find(String center, String device);

    /**
     * Hands out some of all devices, in a fixed order.
     *
     * @param from where an earlier call ended; empty for the beginning
     * @param most how many at most
     * @return where the next call goes on; empty at the end
     */
    Optional<String> scan(Optional<String> from, int most, Consumer<Device> taker);
}
