package org.lifelog.streams;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.avro.generic.IndexedRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.kstream.Windowed;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.WindowStore;
import org.apache.kafka.streams.test.TestRecord;
import org.lifelog.avro.Aggregate;
import org.lifelog.avro.Device;
import org.lifelog.avro.LedgerEntry;
import org.lifelog.avro.QuarantinedReading;
import org.lifelog.avro.Reading;
import org.lifelog.avro.WindowSize;
import org.lifelog.contract.Catalogue;
import org.lifelog.contract.Centers;
import org.lifelog.contract.DeviceKey;
import org.lifelog.contract.ResearchTopic;
import org.lifelog.contract.SubjectKey;
import org.lifelog.contract.Topic;
import org.lifelog.contract.UnknownDevices;
import org.lifelog.embedded.testing.Infrastructure;
import org.lifelog.registry.KafkaAvroDeserializer;
import org.lifelog.registry.KafkaAvroSerializer;
import org.lifelog.registry.SchemaRegistryClient;
import org.lifelog.registry.SchemaRegistryConfig;
import org.lifelog.streams.research.Release;
import org.lifelog.streams.research.Research;

/** The topology in Kafka's test driver, with the real serde and a real schema registry. */
final class TopologyFixture implements AutoCloseable {
    private final TopologyTestDriver driver;
    private final KafkaAvroSerializer serializer;
    private final KafkaAvroDeserializer deserializer;
    private final TestInputTopic<String, byte[]> readings;
    private final TestInputTopic<String, byte[]> devices;
    private final TestOutputTopic<String, IndexedRecord> valid;
    private final TestOutputTopic<String, IndexedRecord> released;
    private final TestOutputTopic<String, IndexedRecord> quarantined;
    private final TestOutputTopic<String, IndexedRecord> aggregates;
    private final TestOutputTopic<String, IndexedRecord> ledger;

    /** Starts with centers that take readings of any device. */
    TopologyFixture(Path state, Instant now) {
        this(state, now, UnknownDevices.ACCEPT, 100);
    }

    /**
     * Starts.
     *
     * @param state folder of the stores; the test driver deletes it at the end
     * @param now the wall clock at the start
     */
    TopologyFixture(Path state, Instant now, UnknownDevices policy, int parkedPerDevice) {
        this(state, now, policy, parkedPerDevice, Map.of());
    }

    /**
     * Starts with research topics.
     *
     * @param releases by the code of the center
     */
    TopologyFixture(
            Path state, Instant now, UnknownDevices policy, int parkedPerDevice, Map<String, Release> releases) {
        this(state, now, policy, parkedPerDevice, releases, Centers.load(Catalogue.load()));
    }

    /** Starts with other centers. */
    TopologyFixture(
            Path state,
            Instant now,
            UnknownDevices policy,
            int parkedPerDevice,
            Map<String, Release> releases,
            Centers centers) {
        Map<String, Object> settings = Map.of(
                SchemaRegistryConfig.URL, Infrastructure.registryUrl(),
                SchemaRegistryConfig.AUTO_REGISTER, true,
                SchemaRegistryConfig.SPECIFIC_READER, true);
        SchemaRegistryClient client = new SchemaRegistryClient(new SchemaRegistryConfig(settings));
        serializer = new KafkaAvroSerializer(client);
        serializer.configure(settings, false);
        deserializer = new KafkaAvroDeserializer(client);
        deserializer.configure(settings, false);
        Catalogue catalogue = Catalogue.load();
        Judge judge = new Judge(catalogue, centers, Duration.ofMinutes(15), Instant.parse("2005-01-01T00:00:00Z"));
        Properties properties = new Properties();
        properties.put(StreamsConfig.APPLICATION_ID_CONFIG, "topology-test");
        properties.put(StreamsConfig.STATE_DIR_CONFIG, state.toString());
        properties.put(StreamsConfig.ROCKSDB_CONFIG_SETTER_CLASS_CONFIG, BoundedRocksDb.class);
        properties.put(BoundedRocksDb.BYTES, 32L << 20);
        driver = new TopologyTestDriver(
                new LifelogTopology(
                                catalogue,
                                centers,
                                new DeviceCheck(centers, policy),
                                parkedPerDevice,
                                judge,
                                deserializer,
                                serializer,
                                new SimpleMeterRegistry())
                        .build(new Research(releases, centers)),
                properties,
                now);
        readings =
                driver.createInputTopic(Topic.READINGS.topicName(), new StringSerializer(), new ByteArraySerializer());
        devices = driver.createInputTopic(Topic.DEVICES.topicName(), new StringSerializer(), new ByteArraySerializer());
        valid = output(Topic.VALID);
        released = output(Topic.RELEASED);
        quarantined = output(Topic.QUARANTINED);
        aggregates = output(Topic.AGGREGATES);
        ledger = output(Topic.LEDGER);
    }

    private TestOutputTopic<String, IndexedRecord> output(Topic topic) {
        return driver.createOutputTopic(topic.topicName(), new StringDeserializer(), deserializer);
    }

    void send(Reading reading) {
        send(SubjectKey.of(reading.getCenter(), reading.getSubject()).toString(), reading);
    }

    void send(String key, IndexedRecord value) {
        Topic schemaOf = value instanceof QuarantinedReading ? Topic.QUARANTINED : Topic.READINGS;
        sendRaw(key, serializer.serialize(schemaOf.topicName(), value));
    }

    void sendRaw(String key, byte[] value) {
        readings.pipeInput(key, value, Readings.RECEIVED);
    }

    /** Sends a reading whose record has a header. */
    void sendWithHeader(Reading reading, String name, String value) {
        byte[] bytes = serializer.serialize(Topic.READINGS.topicName(), reading);
        String key = SubjectKey.of(reading.getCenter(), reading.getSubject()).toString();
        TestRecord<String, byte[]> record = new TestRecord<>(key, bytes, Readings.RECEIVED);
        record.headers().add(name, value.getBytes(StandardCharsets.UTF_8));
        readings.pipeInput(record);
    }

    /** Registers a device, or changes it. */
    void register(Device device) {
        registerAs(DeviceKey.of(device).toString(), device);
    }

    void registerAs(String key, Device device) {
        sendDevice(key, serializer.serialize(Topic.DEVICES.topicName(), device));
    }

    void sendDevice(String key, byte[] value) {
        devices.pipeInput(key, value);
    }

    /** Fills the stores with what another one has in its own, as the changelogs do after a restart. */
    void restore(TopologyFixture before) {
        for (Map.Entry<String, StateStore> store :
                before.driver.getAllStateStores().entrySet()) {
            if (store.getValue() instanceof WindowStore) {
                restoreWindows(before, store.getKey());
            } else if (!store.getKey().equals("devices")) {
                KeyValueStore<Object, Object> own = driver.getKeyValueStore(store.getKey());
                try (KeyValueIterator<Object, Object> entries = before.driver
                        .<Object, Object>getKeyValueStore(store.getKey())
                        .all()) {
                    entries.forEachRemaining(entry -> own.put(entry.key, entry.value));
                }
            }
        }
    }

    private void restoreWindows(TopologyFixture before, String name) {
        WindowStore<String, Object> own = driver.getWindowStore(name);
        try (KeyValueIterator<Windowed<String>, Object> entries =
                before.driver.<String, Object>getWindowStore(name).all()) {
            entries.forEachRemaining(entry ->
                    own.put(entry.key.key(), entry.value, entry.key.window().start()));
        }
    }

    /** One of the stores of bytes. */
    KeyValueStore<String, byte[]> store(String name) {
        return driver.getKeyValueStore(name);
    }

    /** The keys of one of the stores that are no windows. */
    List<String> keys(String name) {
        List<String> keys = new ArrayList<>();
        try (KeyValueIterator<String, Object> entries =
                driver.<String, Object>getKeyValueStore(name).all()) {
            entries.forEachRemaining(entry -> keys.add(entry.key));
        }
        return keys;
    }

    /** The series of the windows of a store, one for each window. */
    List<String> windowedSeries(String name) {
        List<String> series = new ArrayList<>();
        try (KeyValueIterator<Windowed<String>, Object> entries =
                driver.<String, Object>getWindowStore(name).all()) {
            entries.forEachRemaining(entry -> series.add(entry.key.key()));
        }
        return series;
    }

    void advance(Duration time) {
        driver.advanceWallClockTime(time);
    }

    /** What has come out as valid since the last call. */
    List<Reading> valid() {
        return valid.readValuesToList().stream().map(Reading.class::cast).toList();
    }

    /** What has been released since the last call, by key. */
    List<KeyValue<String, Reading>> released() {
        return released.readKeyValuesToList().stream()
                .map(entry -> KeyValue.pair(entry.key, (Reading) entry.value))
                .toList();
    }

    /** What has been quarantined, or released from there, since the last call, by key. */
    Map<String, List<QuarantinedReading>> quarantined() {
        Map<String, List<QuarantinedReading>> byKey = new HashMap<>();
        quarantined
                .readKeyValuesToList()
                .forEach(entry ->
                        byKey.computeIfAbsent(entry.key, k -> new ArrayList<>()).add((QuarantinedReading) entry.value));
        return byKey;
    }

    /** What has come out for research of a center since the last call, as it stands in Kafka. */
    List<TestRecord<String, byte[]>> research(ResearchTopic topic, String center) {
        return raw(topic.topicName(center));
    }

    /** What has come out to a topic since the last call, as it stands in Kafka. */
    List<TestRecord<String, byte[]>> raw(String topic) {
        return driver.createOutputTopic(topic, new StringDeserializer(), new ByteArrayDeserializer())
                .readRecordsToList();
    }

    IndexedRecord decode(byte[] value) {
        return deserializer.deserialize(Topic.VALID.topicName(), value);
    }

    /** All aggregates since the last call, in their order. */
    List<Aggregate> aggregates() {
        return aggregates.readValuesToList().stream().map(Aggregate.class::cast).toList();
    }

    /** Of the aggregates since the last call the newest of each window of a size, by series and start. */
    Map<String, Aggregate> windows(WindowSize size) {
        Map<String, Aggregate> newest = new HashMap<>();
        aggregates().stream()
                .filter(aggregate -> aggregate.getWindow() == size)
                .forEach(aggregate -> newest.put(
                        aggregate.getSubject() + " " + aggregate.getMetric() + " " + aggregate.getTime(), aggregate));
        return newest;
    }

    /** The newest ledger entry of a center. */
    LedgerEntry ledger(String center) {
        LedgerEntry newest = null;
        for (IndexedRecord value : ledger.readValuesToList()) {
            LedgerEntry entry = (LedgerEntry) value;
            if (entry.getCenter().equals(center)) {
                newest = entry;
            }
        }
        return newest;
    }

    @Override
    public void close() {
        driver.close();
    }
}
