package org.lifelog.sink;

import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.avro.generic.IndexedRecord;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.Deserializer;
import org.lifelog.avro.Aggregate;
import org.lifelog.avro.QuarantinedReading;
import org.lifelog.avro.Reading;
import org.lifelog.contract.Topic;
import org.lifelog.registry.SchemaRegistryException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One consumer and its loop: what one poll returns is one batch and one transaction, so that a lone reading is written at
 * once and a backlog in large sets. While the database is away the partitions are paused, the consumer keeps its place
 * in the group, and the batch is tried again with growing pauses.
 */
final class SinkWorker implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(SinkWorker.class);
    private static final Duration POLL = Duration.ofMillis(500);
    private static final long FIRST_PAUSE_MILLIS = 200;
    private static final long LONGEST_PAUSE_MILLIS = 10_000;
    private static final List<String> TOPICS =
            List.of(Topic.VALID.topicName(), Topic.AGGREGATES.topicName(), Topic.QUARANTINED.topicName());

    private final Consumer<String, byte[]> consumer;
    private final Deserializer<IndexedRecord> deserializer;
    private final BatchWriter writer;
    private final Offsets offsets;
    private final MeterRegistry meters;
    private final DistributionSummary batchRows;
    /** Where the database stands in each partition that this worker has. */
    private final Map<TopicPartition, Long> written = new HashMap<>();

    private ConsumerRecords<String, byte[]> pending = ConsumerRecords.empty();
    /** Records that are in Kafka and not yet in the database, of this worker's partitions. */
    private final AtomicLong lag = new AtomicLong();

    private boolean offsetsKnown;
    private int failures;
    private volatile String trouble = "";
    private volatile boolean stopping;

    SinkWorker(
            Consumer<String, byte[]> consumer,
            Deserializer<IndexedRecord> deserializer,
            BatchWriter writer,
            Offsets offsets,
            MeterRegistry meters) {
        this.consumer = consumer;
        this.deserializer = deserializer;
        this.writer = writer;
        this.offsets = offsets;
        this.meters = meters;
        this.batchRows = DistributionSummary.builder("lifelog.sink.batch.rows")
                .description("Records that one transaction writes.")
                .publishPercentileHistogram()
                .register(meters);
        meters.gauge("lifelog.sink.lag.records", lag);
    }

    /** What keeps it from writing now; empty while all is well. */
    String trouble() {
        return trouble;
    }

    /** Lets the loop end after the batch that it is at. */
    void stop() {
        stopping = true;
        consumer.wakeup();
    }

    @Override
    public void run() {
        try (consumer) {
            consumer.subscribe(TOPICS, new Rebalance());
            while (!stopping) {
                step();
            }
        } catch (WakeupException e) {
            if (!stopping) {
                throw e;
            }
        }
    }

    private void step() {
        try {
            if (!offsetsKnown && !consumer.assignment().isEmpty()) {
                seekToWritten();
            }
            if (pending.isEmpty()) {
                pending = consumer.poll(POLL);
                measureLag();
            }
            if (!pending.isEmpty()) {
                write();
            }
        } catch (OffsetOutOfRangeException e) {
            throw new IllegalStateException(
                    "The database stands at an offset that Kafka does not have in " + e.partitions()
                            + ": its records were deleted before they were stored, or the topics were made anew. Delete"
                            + " those rows of table sink_offset to go on from the earliest record.",
                    e);
        } catch (PartitionTakenException e) {
            LOG.info("A partition belongs to another sink now; reading the offsets anew");
            forget();
        } catch (SQLException e) {
            retryLater("the database refuses or is away (SQLSTATE " + e.getSQLState() + ")", e);
        } catch (SchemaRegistryException e) {
            retryLater("the schema registry refuses or is away", e);
        } catch (RetriableException e) {
            retryLater("Kafka is away", e);
        }
    }

    private void seekToWritten() throws SQLException {
        Set<TopicPartition> assigned = consumer.assignment();
        Map<TopicPartition, Long> beginnings = consumer.beginningOffsets(assigned);
        written.clear();
        written.putAll(offsets.of(assigned, beginnings::get));
        written.forEach(consumer::seek);
        consumer.resume(assigned);
        offsetsKnown = true;
        recovered();
    }

    private void write() throws SQLException {
        Batch batch = batch();
        BatchWriter.Result result = writer.write(batch);
        Map<TopicPartition, OffsetAndMetadata> commit = new HashMap<>();
        batch.moves().forEach((partition, move) -> {
            written.put(partition, move.to());
            commit.put(partition, new OffsetAndMetadata(move.to()));
        });
        pending = ConsumerRecords.empty();
        consumer.resume(consumer.paused());
        // Only so that Kafka's tools show the lag; the database is what counts.
        consumer.commitAsync(commit, null);
        recovered();
        measure(batch, result);
    }

    private Batch batch() {
        Batch batch = new Batch();
        for (TopicPartition partition : pending.partitions()) {
            List<ConsumerRecord<String, byte[]>> records = pending.records(partition);
            records.forEach(record -> add(record, batch));
            long to = pending.nextOffsets().get(partition).offset();
            batch.move(partition, new Batch.Move(written.get(partition), to));
        }
        return batch;
    }

    private void add(ConsumerRecord<String, byte[]> record, Batch batch) {
        IndexedRecord value;
        try {
            value = deserializer.deserialize(record.topic(), record.value());
        } catch (SerializationException e) {
            value = null;
        }
        if (value instanceof Reading reading) {
            batch.add(reading);
        } else if (value instanceof Aggregate aggregate) {
            batch.add(aggregate);
        } else if (value instanceof QuarantinedReading quarantined) {
            batch.add(new Batch.Quarantined(record.partition(), record.offset(), quarantined));
        } else {
            LOG.error(
                    "Record {} of {}-{} cannot be decoded and is passed over; it stays in Kafka",
                    record.offset(),
                    record.topic(),
                    record.partition());
            meters.counter("lifelog.sink.undecodable", "topic", record.topic()).increment();
        }
    }

    private void measureLag() {
        long behind = pending.count();
        for (TopicPartition partition : consumer.assignment()) {
            behind += consumer.currentLag(partition).orElse(0);
        }
        lag.set(behind);
    }

    private void measure(Batch batch, BatchWriter.Result result) {
        batchRows.record(batch.records());
        count(result.stored(), "stored");
        count(result.alreadyStored(), "already_stored");
        Instant now = Instant.now();
        Map<String, Instant> oldest = new HashMap<>();
        for (Reading reading : batch.readings()) {
            oldest.merge(reading.getCenter(), reading.getReceivedAt(), (a, b) -> a.isBefore(b) ? a : b);
        }
        oldest.forEach((center, receivedAt) -> Timer.builder("lifelog.freshness")
                .description("From arrival at the gateway to the database, of the oldest reading of each batch.")
                .tag("center", center)
                .register(meters)
                .record(Duration.between(receivedAt, now)));
    }

    private void count(Map<String, Long> readings, String outcome) {
        readings.forEach((center, n) -> meters.counter("lifelog.readings", "center", center, "outcome", outcome)
                .increment(n));
    }

    private void retryLater(String what, Exception cause) {
        trouble = what;
        failures++;
        long longest = Math.min(LONGEST_PAUSE_MILLIS, FIRST_PAUSE_MILLIS << Math.min(failures - 1, 10));
        long pause = ThreadLocalRandom.current().nextLong(longest / 2, longest + 1);
        LOG.warn("Cannot write: {}; trying again in {} ms ({} times so far)", what, pause, failures, cause);
        consumer.pause(consumer.assignment());
        // Polling a paused consumer keeps its place in the group; what a rebalance brings is paused with it.
        long until = System.nanoTime() + Duration.ofMillis(pause).toNanos();
        while (System.nanoTime() < until && !stopping) {
            ConsumerRecords<String, byte[]> unexpected = consumer.poll(Duration.ofMillis(Math.min(pause, 100)));
            if (!unexpected.isEmpty()) {
                forget();
            }
        }
    }

    private void recovered() {
        if (failures > 0) {
            LOG.info("Writing again after {} failures", failures);
        }
        failures = 0;
        trouble = "";
    }

    /** Drops what is not written; it is read again from where the database stands. */
    private void forget() {
        pending = ConsumerRecords.empty();
        offsetsKnown = false;
        consumer.pause(consumer.assignment());
    }

    private final class Rebalance implements ConsumerRebalanceListener {
        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            forget();
        }

        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            forget();
            // Any position, so that the consumer does not ask the group for one; the true one follows before the first
            // record is read.
            partitions.forEach(partition -> consumer.seek(partition, 0));
        }
    }
}
