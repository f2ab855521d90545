package org.lifelog.sink;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class PolledRecordsTest {
    private static final TopicPartition A = new TopicPartition("lifelog.aggregates", 0);
    private static final TopicPartition V = new TopicPartition("lifelog.readings.valid", 0);

    private static ConsumerRecord<String, byte[]> record(TopicPartition partition, long offset) {
        return new ConsumerRecord<>(partition.topic(), partition.partition(), offset, "isens/S-1", new byte[0]);
    }

    private static List<Long> offsets(PolledRecords records) {
        return records.records().stream().map(ConsumerRecord::offset).toList();
    }

    /** Between the offsets of transactions there are those of their marks, which no record has. */
    @Test
    void halvesFollowEachOtherWithoutAGapAndEndWhereThePollEnded() {
        PolledRecords all = new PolledRecords(
                List.of(record(A, 3), record(V, 10), record(V, 11), record(V, 15)), Map.of(A, 5L, V, 17L));

        PolledRecords first = all.firstHalf();
        PolledRecords second = all.secondHalf();

        assertThat(offsets(first)).containsExactly(3L, 10L);
        assertThat(first.next()).isEqualTo(Map.of(A, 5L, V, 11L));
        assertThat(offsets(second)).containsExactly(11L, 15L);
        assertThat(second.next()).isEqualTo(Map.of(V, 17L));
        assertThat(second.firstHalf().next()).isEqualTo(Map.of(V, 15L));
        assertThat(second.secondHalf().next()).isEqualTo(Map.of(V, 17L));
        assertThat(second.secondHalf().isSingle()).isTrue();
    }

    @Test
    void halvesBetweenPartitionsCutNone() {
        PolledRecords all = new PolledRecords(List.of(record(A, 3), record(V, 10)), Map.of(A, 5L, V, 17L));

        assertThat(all.firstHalf().next()).isEqualTo(Map.of(A, 5L));
        assertThat(all.secondHalf().next()).isEqualTo(Map.of(V, 17L));
    }

    @Test
    void pollGivesRecordsAndWhereToGoOn() {
        PolledRecords polled = PolledRecords.of(new ConsumerRecords<>(
                Map.of(V, List.of(record(V, 10), record(V, 11))), Map.of(V, new OffsetAndMetadata(13))));

        assertThat(offsets(polled)).containsExactly(10L, 11L);
        assertThat(polled.next()).isEqualTo(Map.of(V, 13L));
    }
}
