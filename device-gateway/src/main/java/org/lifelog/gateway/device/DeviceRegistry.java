package org.lifelog.gateway.device;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import org.apache.avro.generic.IndexedRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serializer;
import org.lifelog.avro.Device;
import org.lifelog.contract.Assignments;
import org.lifelog.contract.DeviceKey;
import org.lifelog.contract.Topic;
import org.lifelog.gateway.failure.Failure;
import org.lifelog.gateway.failure.Refusal;
import org.lifelog.gateway.follow.TopicFollower;
import org.lifelog.runtime.Health;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The devices of all centers and to whom they are assigned, as {@code lifelog.devices} has them. A copy of the topic is
 * kept in memory: some 500 bytes for each device. What is changed here is answered when this copy has it too.
 *
 * <p>Changes to one device follow each other. Two replicas that change the same device within the same milliseconds do
 * not see each other; then the later one wins, whole.
 */
public final class DeviceRegistry implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DeviceRegistry.class);

    private final Producer<String, byte[]> producer;
    private final Serializer<IndexedRecord> serializer;
    private final Deserializer<IndexedRecord> deserializer;
    private final Clock clock;
    private final TopicFollower follower;
    private final Map<DeviceKey, Device> devices = new ConcurrentHashMap<>();
    /** Changes that are in Kafka and wait for this copy, by their place there. */
    private final Map<TopicPartition, Map<Long, Promise<Void>>> written = new HashMap<>();
    /** How far this copy has read. */
    private final Map<TopicPartition, Long> read = new HashMap<>();
    /** The last change of each device that is being changed. */
    private final Map<DeviceKey, Future<Device>> changes = new HashMap<>();

    private volatile Health.Check check = Health.Check.down("the devices have not been read yet");

    /** Begins to read. */
    public DeviceRegistry(
            Map<String, Object> consumerSettings,
            Producer<String, byte[]> producer,
            Serializer<IndexedRecord> serializer,
            Deserializer<IndexedRecord> deserializer,
            Clock clock) {
        this.producer = producer;
        this.serializer = serializer;
        this.deserializer = deserializer;
        this.clock = clock;
        follower = new TopicFollower(consumerSettings, Topic.DEVICES, new Copy());
        follower.start();
    }

    /** Whether the devices have been read. */
    public Health.Check check() {
        return check;
    }

    /** A device that is registered. */
    public Optional<Device> device(DeviceKey key) {
        return Optional.ofNullable(devices.get(key));
    }

    /** The subject to which a device is assigned at an instant. */
    public Optional<String> subject(String center, String device, Instant time) {
        return device(new DeviceKey(center, device)).flatMap(known -> Assignments.at(known, time));
    }

    /**
     * Changes or registers a device.
     *
     * @param change makes the new entry of the one that is there, or of an empty one; may throw a {@link Refusal}
     * @return the entry, when Kafka and this copy have it; fails with a {@link Refusal}
     */
    public synchronized Future<Device> change(DeviceKey key, UnaryOperator<Device> change) {
        Future<?> before = changes.getOrDefault(key, Future.succeededFuture());
        Future<Device> changed = before.transform(end -> write(key, change));
        changes.put(key, changed);
        changed.onComplete(end -> forget(key, changed));
        return changed;
    }

    private synchronized void forget(DeviceKey key, Future<Device> changed) {
        changes.remove(key, changed);
    }

    private Future<Device> write(DeviceKey key, UnaryOperator<Device> change) {
        Device device;
        try {
            device = change.apply(device(key).orElseGet(() -> empty(key)));
        } catch (Refusal e) {
            return Future.failedFuture(e);
        }
        device.setUpdatedAt(clock.instant().truncatedTo(ChronoUnit.MICROS));
        Promise<Device> done = Promise.promise();
        ProducerRecord<String, byte[]> record = new ProducerRecord<>(
                Topic.DEVICES.topicName(), key.toString(), serializer.serialize(Topic.DEVICES.topicName(), device));
        producer.send(record, (metadata, error) -> {
            if (error == null) {
                await(new TopicPartition(metadata.topic(), metadata.partition()), metadata.offset())
                        .onSuccess(there -> done.complete(device));
            } else {
                done.fail(new Refusal(
                        Failure.UNAVAILABLE, "The change could not be stored now. Send the same again.", error));
            }
        });
        return done.future();
    }

    private static Device empty(DeviceKey key) {
        return Device.newBuilder()
                .setCenter(key.center())
                .setDevice(key.device())
                .setAssignments(List.of())
                .setUpdatedAt(Instant.EPOCH)
                .build();
    }

    private synchronized Future<Void> await(TopicPartition partition, long offset) {
        if (read.getOrDefault(partition, -1L) >= offset) {
            return Future.succeededFuture();
        }
        return written.computeIfAbsent(partition, p -> new HashMap<>())
                .computeIfAbsent(offset, o -> Promise.promise())
                .future();
    }

    private synchronized Optional<Promise<Void>> readUpTo(TopicPartition partition, long offset) {
        read.put(partition, offset);
        return Optional.ofNullable(written.getOrDefault(partition, Map.of()).get(offset))
                .map(promise -> written.get(partition).remove(offset));
    }

    @Override
    public void close() {
        follower.close();
    }

    private final class Copy implements TopicFollower.Reader {
        @Override
        public void entry(ConsumerRecord<String, byte[]> entry) {
            try {
                DeviceKey key = DeviceKey.parse(entry.key());
                if (entry.value() == null) {
                    devices.remove(key);
                } else {
                    devices.put(key, (Device) deserializer.deserialize(entry.topic(), entry.value()));
                }
            } catch (IllegalArgumentException | ClassCastException | org.apache.kafka.common.KafkaException e) {
                LOG.warn("An entry of {} cannot be read, and is left out", entry.topic(), e);
            }
            readUpTo(new TopicPartition(entry.topic(), entry.partition()), entry.offset())
                    .ifPresent(Promise::complete);
        }

        @Override
        public void caughtUp() {
            check = Health.Check.up(devices.size() + " devices at the start");
        }

        @Override
        public void idle() {
            // Nothing is due.
        }

        @Override
        public void lost(String why) {
            LOG.warn("The devices cannot be followed: {}", why);
        }
    }
}
