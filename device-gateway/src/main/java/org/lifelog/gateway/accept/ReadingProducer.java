package org.lifelog.gateway.accept;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.avro.generic.IndexedRecord;
import org.apache.kafka.clients.producer.BufferExhaustedException;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.lifelog.avro.QuarantinedReading;
import org.lifelog.contract.SubjectKey;
import org.lifelog.contract.Topic;
import org.lifelog.gateway.failure.Failure;
import org.lifelog.gateway.failure.Refusal;
import org.lifelog.registry.KafkaAvroSerializer;

/**
 * Writes to {@code lifelog.readings} and says when Kafka has it. The producer must wait for {@code acks=all} and have
 * {@code max.block.ms=0}, since records are sent from event loops.
 */
public final class ReadingProducer {
    /** One record to write. */
    public record Entry(SubjectKey key, IndexedRecord value) {}

    /** To which the gateway writes, here or elsewhere with the same producer. */
    private static final List<Topic> TOPICS = List.of(Topic.READINGS, Topic.DEVICES, Topic.SESSIONS);

    private static final List<Topic> SCHEMAS =
            List.of(Topic.READINGS, Topic.QUARANTINED, Topic.DEVICES, Topic.SESSIONS);

    private final Producer<String, byte[]> producer;
    private final KafkaAvroSerializer serializer;
    private final Breaker breaker;
    private volatile boolean prepared;

    public ReadingProducer(Producer<String, byte[]> producer, KafkaAvroSerializer serializer, Breaker breaker) {
        this.producer = producer;
        this.serializer = serializer;
        this.breaker = breaker;
    }

    /**
     * Gets what sending must not wait for: the partitions of the topic and the ids of the schemas. May block; to be
     * called now and then, so that the producer does not forget the topic.
     *
     * @throws KafkaException where Kafka or the registry does not have it, or not yet
     */
    public void prepare() {
        SCHEMAS.forEach(topic -> serializer.prepare(topic.topicName(), topic.schema()));
        TOPICS.forEach(topic -> producer.partitionsFor(topic.topicName()));
        prepared = true;
    }

    /**
     * Writes records in their order. Never blocks.
     *
     * @return succeeds when Kafka has confirmed all of them; fails with a {@link Refusal} where it has not, and then some
     *     may be there all the same: sending them again is safe, because duplicates are recognised
     */
    public Future<Void> send(List<Entry> entries, TraceContext trace) {
        if (!prepared || !breaker.closed()) {
            return Future.failedFuture(unavailable(null));
        }
        Promise<Void> done = Promise.promise();
        AtomicInteger left = new AtomicInteger(entries.size());
        AtomicReference<Exception> failure = new AtomicReference<>();
        byte[] traceparent = trace.traceparent().getBytes(StandardCharsets.US_ASCII);
        for (Entry entry : entries) {
            ProducerRecord<String, byte[]> record =
                    new ProducerRecord<>(Topic.READINGS.topicName(), entry.key().toString(), bytes(entry.value()));
            record.headers().add(TraceContext.HEADER, traceparent);
            try {
                producer.send(record, (metadata, error) -> {
                    if (error != null) {
                        failure.compareAndSet(null, error);
                    }
                    if (left.decrementAndGet() == 0) {
                        complete(done, failure.get());
                    }
                });
            } catch (KafkaException e) {
                complete(done, e);
                break;
            }
        }
        return done.future();
    }

    /**
     * What is kept without being believed goes through {@code lifelog.readings} too, so that all of it is counted in one
     * place. It has the schema of the topic where it ends.
     */
    private byte[] bytes(IndexedRecord value) {
        Topic schemaOf = value instanceof QuarantinedReading ? Topic.QUARANTINED : Topic.READINGS;
        return serializer.serialize(schemaOf.topicName(), value);
    }

    private void complete(Promise<Void> done, Exception failure) {
        if (failure == null) {
            breaker.confirmed();
            done.tryComplete();
        } else if (failure instanceof RecordTooLargeException) {
            done.tryFail(new Refusal(Failure.TOO_LARGE, "A reading is larger than Kafka takes.", failure));
        } else {
            // A full buffer says that the gateway is too fast, not that Kafka is away.
            if (!(failure instanceof BufferExhaustedException)) {
                breaker.failed();
            }
            done.tryFail(unavailable(failure));
        }
    }

    private static Refusal unavailable(Exception cause) {
        return new Refusal(
                Failure.UNAVAILABLE, "The readings could not be stored now. Send the same message again.", cause);
    }
}
