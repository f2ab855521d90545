package org.lifelog.sink;

import io.micrometer.core.instrument.MeterRegistry;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import org.apache.avro.generic.IndexedRecord;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.Deserializer;
import org.lifelog.contract.Topic;
import org.lifelog.registry.SchemaRegistryException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One consumer and its loop: what one poll returns is one batch and one transaction, so that a lone reading is written at
 * once and a backlog in large sets. While the database is away the partitions are paused, the consumer keeps its place
 * in the group, and the batch is tried again with growing pauses. A batch that the database refuses for the content of a
 * row is written by halves, each with its own offsets, until the row is alone and goes to quarantine.
 */
final class SinkWorker implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(SinkWorker.class);
    private static final Duration POLL = Duration.ofMillis(500);
    private static final long FIRST_PAUSE_MILLIS = 200;
    private static final long LONGEST_PAUSE_MILLIS = 10_000;
    private static final Duration SLOW = Duration.ofSeconds(10);
    private static final List<String> TOPICS =
            List.of(Topic.VALID.topicName(), Topic.AGGREGATES.topicName(), Topic.QUARANTINED.topicName());

    private final Consumer<String, byte[]> consumer;
    private final RecordBatches batches;
    private final BatchWriter writer;
    private final Offsets offsets;
    private final SinkMeters meters;
    /** Where the database stands in each partition that this worker has. */
    private final Map<TopicPartition, Long> written = new HashMap<>();
    /** What is to be written, one transaction after the other. */
    private final Deque<PolledRecords> pending = new ArrayDeque<>();

    private boolean offsetsKnown;
    private int failures;
    private volatile String trouble = "";
    /** When the database was given what it has not answered to; 0 for never. */
    private volatile long writingSince;

    private volatile boolean stopping;

    SinkWorker(
            Consumer<String, byte[]> consumer,
            Deserializer<IndexedRecord> deserializer,
            BatchWriter writer,
            Offsets offsets,
            MeterRegistry meters) {
        this.consumer = consumer;
        this.batches = new RecordBatches(deserializer);
        this.writer = writer;
        this.offsets = offsets;
        this.meters = new SinkMeters(meters);
    }

    /** What keeps it from writing now; empty while all is well. */
    String trouble() {
        long since = writingSince;
        if (trouble.isEmpty() && since != 0 && System.nanoTime() - since > SLOW.toNanos()) {
            return "the database has not answered for more than " + SLOW.toSeconds() + " s; waiting for it";
        }
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
                poll();
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
            writer.forgetNames();
            retryLater("database", DatabaseFault.describe(e), e);
        } catch (SchemaRegistryException e) {
            retryLater("registry", "the schema registry refuses or is away", e);
        } catch (RetriableException e) {
            retryLater("kafka", "Kafka is away", e);
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

    private void poll() {
        if (offsetsKnown) {
            consumer.resume(consumer.paused());
        }
        ConsumerRecords<String, byte[]> polled = consumer.poll(POLL);
        meters.lag(consumer, polled.count());
        if (!polled.isEmpty()) {
            pending.add(PolledRecords.of(polled));
        }
    }

    private void write() throws SQLException {
        PolledRecords records = pending.remove();
        try {
            write(batches.of(records, written));
        } catch (SQLException e) {
            writeOtherwise(records, e);
        } catch (RuntimeException e) {
            pending.push(records);
            throw e;
        }
        if (!pending.isEmpty()) {
            keepPlace(Duration.ZERO);
        }
    }

    /** By halves or as refused, where that may help; else what failed is tried again later. */
    private void writeOtherwise(PolledRecords records, SQLException error) throws SQLException {
        boolean refused = DatabaseFault.refusesContent(error);
        if (!records.isSingle() && (refused || DatabaseFault.tookTooLong(error))) {
            pending.push(records.secondHalf());
            pending.push(records.firstHalf());
        } else {
            pending.push(records);
            if (refused) {
                write(batches.refused(records, written, error));
                pending.remove();
            }
        }
        if (!refused) {
            throw error;
        }
    }

    private void write(Batch batch) throws SQLException {
        BatchWriter.Result result;
        writingSince = System.nanoTime();
        try {
            result = writer.write(batch);
        } finally {
            writingSince = 0;
        }
        Map<TopicPartition, OffsetAndMetadata> commit = new HashMap<>();
        batch.moves().forEach((partition, move) -> {
            written.put(partition, move.to());
            commit.put(partition, new OffsetAndMetadata(move.to()));
        });
        // Only so that Kafka's tools show the lag; the database is what counts.
        consumer.commitAsync(commit, null);
        recovered();
        meters.written(batch, result);
    }

    private void retryLater(String cause, String what, Exception error) {
        failures++;
        meters.retry(cause);
        long longest = Math.min(LONGEST_PAUSE_MILLIS, FIRST_PAUSE_MILLIS << Math.min(failures - 1, 10));
        long pause = ThreadLocalRandom.current().nextLong(longest / 2, longest + 1);
        trouble = what + "; tried " + failures + " times, and trying again";
        LOG.warn("Cannot write: {}; trying again in {} ms ({} times so far)", what, pause, failures, error);
        long until = System.nanoTime() + Duration.ofMillis(pause).toNanos();
        while (System.nanoTime() < until && !stopping) {
            keepPlace(Duration.ofMillis(Math.min(pause, 100)));
        }
    }

    /** Polling a paused consumer keeps its place in the group; what a rebalance brings is paused with it. */
    private void keepPlace(Duration time) {
        consumer.pause(consumer.assignment());
        if (!consumer.poll(time).isEmpty()) {
            forget();
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
        pending.clear();
        offsetsKnown = false;
        writer.forgetNames();
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
