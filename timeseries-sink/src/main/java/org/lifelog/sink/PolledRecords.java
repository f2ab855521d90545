package org.lifelog.sink;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;

/**
 * Records that are to be written in one transaction, one partition after the other, each in its order.
 *
 * @param next the offset of each partition at which to go on after them
 */
record PolledRecords(List<ConsumerRecord<String, byte[]>> records, Map<TopicPartition, Long> next) {
    static PolledRecords of(ConsumerRecords<String, byte[]> polled) {
        List<ConsumerRecord<String, byte[]>> records = new ArrayList<>(polled.count());
        Map<TopicPartition, Long> next = new HashMap<>();
        for (TopicPartition partition : polled.partitions()) {
            records.addAll(polled.records(partition));
            next.put(partition, polled.nextOffsets().get(partition).offset());
        }
        return new PolledRecords(records, next);
    }

    /** Whether it cannot be halved. */
    boolean isSingle() {
        return records.size() == 1;
    }

    /** The first half of the records, which is to be written first. Of a partition that is cut it ends before the second. */
    PolledRecords firstHalf() {
        Map<TopicPartition, Long> ends = new HashMap<>();
        first().forEach(record -> ends.put(partition(record), next.get(partition(record))));
        ConsumerRecord<String, byte[]> cut = second().get(0);
        ends.computeIfPresent(partition(cut), (partition, end) -> cut.offset());
        return new PolledRecords(first(), ends);
    }

    /** The rest. */
    PolledRecords secondHalf() {
        Map<TopicPartition, Long> ends = new HashMap<>();
        second().forEach(record -> ends.put(partition(record), next.get(partition(record))));
        return new PolledRecords(second(), ends);
    }

    private List<ConsumerRecord<String, byte[]>> first() {
        return records.subList(0, records.size() / 2);
    }

    private List<ConsumerRecord<String, byte[]>> second() {
        return records.subList(records.size() / 2, records.size());
    }

    private static TopicPartition partition(ConsumerRecord<String, byte[]> record) {
        return new TopicPartition(record.topic(), record.partition());
    }
}
