package org.lifelog.sink;

import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.lifelog.avro.Reading;
import org.lifelog.contract.Reason;

/** What a worker tells of itself. */
final class SinkMeters {
    private final MeterRegistry meters;
    private final DistributionSummary batchRows;
    /** Records that are in Kafka and not yet in the database, of the worker's partitions. */
    private final AtomicLong lag = new AtomicLong();

    SinkMeters(MeterRegistry meters) {
        this.meters = meters;
        this.batchRows = DistributionSummary.builder("lifelog.sink.batch.rows")
                .description("Records that one transaction writes.")
                .publishPercentileHistogram()
                .register(meters);
        meters.gauge("lifelog.sink.lag.records", lag);
    }

    void lag(Consumer<?, ?> consumer, int pending) {
        long behind = pending;
        for (TopicPartition partition : consumer.assignment()) {
            behind += consumer.currentLag(partition).orElse(0);
        }
        lag.set(behind);
    }

    /** Something was tried in vain and will be tried again. */
    void retry(String cause) {
        meters.counter("lifelog.sink.retries", "cause", cause).increment();
    }

    void written(Batch batch, BatchWriter.Result result) {
        batchRows.record(batch.records());
        count(result.stored(), "stored");
        count(result.alreadyStored(), "already_stored");
        count(batch.refused(), "refused");
        batch.quarantined().stream()
                .filter(one -> one.reading().getReasons().contains(Reason.REFUSED_BY_STORAGE.code()))
                .forEach(one -> meters.counter(
                                "lifelog.sink.refused", "topic", one.source().topic())
                        .increment());
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
}
