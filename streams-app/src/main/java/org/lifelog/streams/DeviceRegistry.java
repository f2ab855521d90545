package org.lifelog.streams;

import java.util.Optional;
import java.util.function.Consumer;
import org.apache.avro.generic.IndexedRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;
import org.apache.kafka.streams.state.Stores;
import org.lifelog.avro.Device;
import org.lifelog.contract.DeviceKey;
import org.lifelog.contract.Topic;
import org.lifelog.registry.SchemaRegistryException;
import org.lifelog.streams.research.Devices;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The streams' copy of {@code lifelog.devices}, whole in every instance and complete before the first reading is taken.
 * It follows the topic within moments, and not in the order of the readings: what an assignment that was made just now
 * covers may be parked for some seconds.
 */
final class DeviceRegistry implements Devices {
    private static final Logger LOG = LoggerFactory.getLogger(DeviceRegistry.class);
    private static final String STORE = "devices";
    private static final String SOURCE = "registered-devices";

    private final ReadOnlyKeyValueStore<String, byte[]> store;
    private final Deserializer<IndexedRecord> deserializer;

    /** The copy as a processor sees it. */
    DeviceRegistry(ProcessorContext<?, ?> context, Deserializer<IndexedRecord> deserializer) {
        this.store = context.getStateStore(STORE);
        this.deserializer = deserializer;
    }

    /** Adds the copy to a topology. */
    static void addTo(Topology topology, Deserializer<IndexedRecord> deserializer) {
        topology.addGlobalStore(
                Stores.keyValueStoreBuilder(Stores.persistentKeyValueStore(STORE), Serdes.String(), Serdes.ByteArray())
                        .withLoggingDisabled(),
                SOURCE,
                new StringDeserializer(),
                new ByteArrayDeserializer(),
                Topic.DEVICES.topicName(),
                "device-registry",
                () -> new Update(deserializer));
    }

    /**
     * A device as it is registered now; empty where it is not.
     *
     * @throws SchemaRegistryException where its schema cannot be had now
     */
    @Override
    public Optional<Device> find(String center, String device) {
        String key = new DeviceKey(center, device).toString();
        byte[] stored = store.get(key);
        return stored == null ? Optional.empty() : decode(deserializer, key, stored);
    }

    @Override
    public Optional<String> scan(Optional<String> from, int most, Consumer<Device> taker) {
        int left = most;
        try (KeyValueIterator<String, byte[]> entries = store.range(from.orElse(null), null)) {
            while (entries.hasNext()) {
                KeyValue<String, byte[]> entry = entries.next();
                if (left-- == 0) {
                    return Optional.of(entry.key);
                }
                decode(deserializer, entry.key, entry.value).ifPresent(taker);
            }
        }
        return Optional.empty();
    }

    private static Optional<Device> decode(Deserializer<IndexedRecord> deserializer, String key, byte[] bytes) {
        try {
            return deserializer.deserialize(Topic.DEVICES.topicName(), bytes) instanceof Device device
                            && DeviceKey.of(device).toString().equals(key)
                    ? Optional.of(device)
                    : Optional.empty();
        } catch (SerializationException e) {
            return Optional.empty();
        } catch (SchemaRegistryException e) {
            if (e.passing()) {
                throw e;
            }
            return Optional.empty();
        }
    }

    /** Keeps the copy. What it throws would end the instance, so it passes over what cannot be read. */
    private static final class Update implements Processor<String, byte[], Void, Void> {
        private final Deserializer<IndexedRecord> deserializer;
        private KeyValueStore<String, byte[]> store;

        Update(Deserializer<IndexedRecord> deserializer) {
            this.deserializer = deserializer;
        }

        @Override
        public void init(ProcessorContext<Void, Void> context) {
            store = context.getStateStore(STORE);
        }

        @Override
        public void process(Record<String, byte[]> record) {
            if (record.key() == null || (record.value() != null && !readable(record))) {
                LOG.warn(
                        "A record of {} is no Device under its own key and is skipped; what was known before stays",
                        Topic.DEVICES.topicName());
            } else if (record.value() == null) {
                store.delete(record.key());
            } else {
                store.put(record.key(), record.value());
            }
        }

        private boolean readable(Record<String, byte[]> record) {
            try {
                return decode(deserializer, record.key(), record.value()).isPresent();
            } catch (SchemaRegistryException e) {
                return true; // The registry is away; who looks it up will see.
            }
        }
    }
}
