package org.lifelog.load;

import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.avro.generic.IndexedRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.lifelog.avro.Reading;
import org.lifelog.contract.Topic;
import org.lifelog.registry.KafkaAvroDeserializer;

/** What is in {@code lifelog.readings} after a drill, counted one by one. */
final class DrillTopic {
    /** A reading that was there before; by the time at which the gateway wrote it, in milliseconds since 1970. */
    private record Duplicate(int sequence, long millis) {
        boolean after(Map<Integer, Long> received) {
            return received.getOrDefault(sequence, Long.MAX_VALUE) < millis;
        }
    }

    /** The readings of one subject, in the order of the topic. */
    private static final class OfSubject {
        private final BitSet there = new BitSet();
        private int highest = -1;
        private final List<Duplicate> duplicates = new ArrayList<>();
        private int outOfOrder;

        void add(int sequence, long millis) {
            if (there.get(sequence)) {
                duplicates.add(new Duplicate(sequence, millis));
                return;
            }
            there.set(sequence);
            if (sequence < highest) {
                outOfOrder++;
            }
            highest = Math.max(highest, sequence);
        }
    }

    /**
     * What a sender sent and what is there.
     *
     * @param lost acknowledged and not there
     * @param duplicates there again
     * @param afterReceipt those of them that were written after PUBREC of QoS 2
     * @param outOfOrder came after one that was sent after it, where duplicates are left out
     */
    record Count(int sent, int acknowledged, int lost, int duplicates, int afterReceipt, int outOfOrder) {
        static final Count NONE = new Count(0, 0, 0, 0, 0, 0);

        Count plus(Count other) {
            return new Count(
                    sent + other.sent,
                    acknowledged + other.acknowledged,
                    lost + other.lost,
                    duplicates + other.duplicates,
                    afterReceipt + other.afterReceipt,
                    outOfOrder + other.outOfOrder);
        }
    }

    private final Map<String, OfSubject> subjects = new HashMap<>();

    private DrillTopic() {}

    /** Reads the whole topic up to its present end. */
    static DrillTopic read(DrillGround ground) {
        DrillTopic topic = new DrillTopic();
        KafkaAvroDeserializer deserializer = new KafkaAvroDeserializer();
        deserializer.configure(Map.of("schema.registry.url", ground.registry(), "specific.avro.reader", true), false);
        List<TopicPartition> partitions = IntStream.range(0, DrillGround.PARTITIONS)
                .mapToObj(partition -> new TopicPartition(Topic.READINGS.topicName(), partition))
                .toList();
        try (KafkaConsumer<String, IndexedRecord> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", ground.bootstrap()), new StringDeserializer(), deserializer)) {
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                consumer.poll(Duration.ofMillis(200)).forEach(record -> {
                    if (record.value() instanceof Reading reading) {
                        topic.subjects
                                .computeIfAbsent(reading.getSubject(), subject -> new OfSubject())
                                .add(Math.toIntExact(reading.getSequence()), record.timestamp());
                    }
                });
            }
        }
        return topic;
    }

    /** Compares with what a sender knows. */
    Count count(DrillSender sender) {
        OfSubject there = subjects.getOrDefault(sender.subject(), new OfSubject());
        BitSet lost = sender.acknowledged();
        int acknowledged = lost.cardinality();
        lost.andNot(there.there);
        Map<Integer, Long> received = sender.received();
        return new Count(
                sender.sent(),
                acknowledged,
                lost.cardinality(),
                there.duplicates.size(),
                (int) there.duplicates.stream()
                        .filter(duplicate -> duplicate.after(received))
                        .count(),
                there.outOfOrder);
    }
}
