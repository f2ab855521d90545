package org.lifelog.streams;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.apache.avro.generic.IndexedRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;
import org.lifelog.avro.Device;
import org.lifelog.avro.QuarantinedReading;
import org.lifelog.avro.Reading;
import org.lifelog.contract.Assignments;
import org.lifelog.contract.SubjectKey;
import org.lifelog.contract.Topic;
import org.lifelog.registry.SchemaRegistryException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Readings of one partition that were quarantined for their device and wait for an assignment that covers them, with
 * what was quarantined, so that the very same can be released. The same reading parked twice is one.
 *
 * <p>Keys are the parts of a reading's identity and its value, joined by zero characters, with the center and the device
 * first and then the effective time, so that a device's readings lie together in their order. The key of center and
 * device alone holds how many there are, in 4 bytes. A value is 8 bytes for when it was quarantined (milliseconds since
 * the epoch) and the QuarantinedReading in the wire format.
 */
final class ParkedReadings {
    static final String STORE = "parked-readings";

    private static final Logger LOG = LoggerFactory.getLogger(ParkedReadings.class);
    private static final String SEPARATOR = "\u0000";
    private static final int COUNT_PARTS = 2;
    private static final int DEVICE_PART = 1;
    private static final int TIME_PART = 2;
    private static final int SUBJECT_PART = 3;

    /**
     * A reading that was parked and has a subject now.
     *
     * @param quarantined as it was quarantined
     * @param subject to whom its device was assigned at its effective time
     */
    record Due(QuarantinedReading quarantined, String subject) {}

    private final KeyValueStore<String, byte[]> store;
    private final int perDevice;
    private final DeviceRegistry devices;
    private final Serializer<IndexedRecord> serializer;
    private final Deserializer<IndexedRecord> deserializer;
    /** Where the next look goes on; null for the beginning. */
    private String lookFrom;

    /**
     * The parked readings of one task.
     *
     * @param perDevice how many readings of one device are parked at most
     */
    ParkedReadings(
            KeyValueStore<String, byte[]> store,
            int perDevice,
            DeviceRegistry devices,
            Serializer<IndexedRecord> serializer,
            Deserializer<IndexedRecord> deserializer) {
        this.store = store;
        this.perDevice = perDevice;
        this.devices = devices;
        this.serializer = serializer;
        this.deserializer = deserializer;
    }

    static StoreBuilder<KeyValueStore<String, byte[]>> storeBuilder() {
        return Stores.keyValueStoreBuilder(Stores.persistentKeyValueStore(STORE), Serdes.String(), Serdes.ByteArray())
                .withCachingEnabled();
    }

    /** Parks a reading, unless it is parked already, or its device has as many as it may. */
    void park(QuarantinedReading quarantined) {
        String key = key(quarantined.getReading());
        int count = count(countKey(key));
        if (count >= perDevice || store.get(key) != null) {
            return;
        }
        byte[] body = serializer.serialize(Topic.QUARANTINED.topicName(), quarantined);
        store.put(
                key,
                ByteBuffer.allocate(Long.BYTES + body.length)
                        .putLong(quarantined.getQuarantinedAt().toEpochMilli())
                        .put(body)
                        .array());
        setCount(countKey(key), count + 1);
    }

    /** Forgets what names a subject. */
    void erase(SubjectKey subject) {
        List<String> keys = new ArrayList<>();
        try (KeyValueIterator<String, byte[]> entries =
                store.range(subject.center() + SEPARATOR, subject.center() + '\u0001')) {
            while (entries.hasNext()) {
                String key = entries.next().key;
                String[] parts = key.split(SEPARATOR, -1);
                if (parts.length > COUNT_PARTS && parts[SUBJECT_PART].equals(subject.name())) {
                    keys.add(key);
                }
            }
        }
        keys.forEach(this::remove);
    }

    /**
     * Looks at a part of what is parked: takes out what has a subject now, and forgets what has waited for too long. The
     * next call goes on where this one ended.
     *
     * @param look how many entries are looked at, at most
     * @param most how many readings are taken out, at most
     */
    List<Due> takeDue(Instant now, int look, int most) {
        List<Due> due = new ArrayList<>();
        List<String> done = new ArrayList<>();
        String next = null;
        try (KeyValueIterator<String, byte[]> entries = store.range(lookFrom, null)) {
            Known known = new Known();
            for (int looked = 0; entries.hasNext(); looked++) {
                KeyValue<String, byte[]> entry = entries.next();
                if (looked == look || due.size() == most) {
                    next = entry.key;
                    break;
                }
                String[] parts = entry.key.split(SEPARATOR, -1);
                if (parts.length == COUNT_PARTS) {
                    continue;
                }
                Optional<String> subject = known.subject(parts);
                if (subject.isPresent()) {
                    decode(entry.value).ifPresent(parked -> due.add(new Due(parked, subject.get())));
                    done.add(entry.key);
                } else if (expired(entry.value, now)) {
                    done.add(entry.key);
                }
            }
        }
        lookFrom = next;
        done.forEach(this::remove);
        return due;
    }

    /** To whom an entry belongs now; the entries of a device lie together, so the last device is kept. */
    private final class Known {
        private String center = "";
        private String code = "";
        private Optional<Device> device = Optional.empty();

        Optional<String> subject(String[] parts) {
            if (!parts[0].equals(center) || !parts[DEVICE_PART].equals(code)) {
                center = parts[0];
                code = parts[DEVICE_PART];
                device = devices.find(center, code);
            }
            String named = parts[SUBJECT_PART];
            return device.flatMap(registered -> Assignments.at(registered, time(parts[TIME_PART])))
                    .filter(assigned -> SubjectKey.isUnassigned(named) || assigned.equals(named));
        }
    }

    private static boolean expired(byte[] value, Instant now) {
        return !Instant.ofEpochMilli(ByteBuffer.wrap(value).getLong())
                .plus(DeviceCheck.PATIENCE)
                .isAfter(now);
    }

    private Optional<QuarantinedReading> decode(byte[] value) {
        byte[] body = new byte[value.length - Long.BYTES];
        ByteBuffer.wrap(value).position(Long.BYTES).get(body);
        try {
            return Optional.of((QuarantinedReading) deserializer.deserialize(Topic.QUARANTINED.topicName(), body));
        } catch (SerializationException e) {
            LOG.error("A parked reading cannot be decoded and is forgotten; it stays in quarantine", e);
        } catch (SchemaRegistryException e) {
            if (e.passing()) {
                throw e;
            }
            LOG.error("The schema of a parked reading is lost; the reading is forgotten and stays in quarantine", e);
        }
        return Optional.empty();
    }

    private void remove(String key) {
        store.delete(key);
        setCount(countKey(key), count(countKey(key)) - 1);
    }

    private int count(String countKey) {
        byte[] count = store.get(countKey);
        return count == null ? 0 : ByteBuffer.wrap(count).getInt();
    }

    private void setCount(String countKey, int count) {
        if (count > 0) {
            store.put(countKey, ByteBuffer.allocate(Integer.BYTES).putInt(count).array());
        } else {
            store.delete(countKey);
        }
    }

    private static String countKey(String key) {
        return key.substring(0, key.indexOf(SEPARATOR, key.indexOf(SEPARATOR) + 1));
    }

    private static String key(Reading reading) {
        return String.join(
                SEPARATOR,
                reading.getCenter(),
                reading.getDevice(),
                sortable(reading.getTime()),
                reading.getSubject(),
                reading.getMetric(),
                reading.getAttributes(),
                String.valueOf(reading.getSequence()),
                String.valueOf(reading.getEnd()),
                reading.getLimit().name(),
                Double.toString(reading.getValue()),
                reading.getUnit());
    }

    /** Microseconds since the epoch as 16 digits, of which the times before the epoch come first. */
    private static String sortable(Instant time) {
        // ChronoUnit counts by way of nanoseconds, which only last for 292 years; a wrong clock may say any time.
        long micros = time.getEpochSecond() * 1_000_000 + time.getNano() / 1_000;
        return HexFormat.of().toHexDigits(micros ^ Long.MIN_VALUE);
    }

    private static Instant time(String sortable) {
        return Instant.EPOCH.plus(HexFormat.fromHexDigitsToLong(sortable) ^ Long.MIN_VALUE, ChronoUnit.MICROS);
    }
}
