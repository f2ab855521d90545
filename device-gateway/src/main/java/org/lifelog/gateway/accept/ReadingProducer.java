package org.lifelog.gateway.accept;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.avro.generic.IndexedRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.serialization.Serializer;
import org.lifelog.avro.QuarantinedReading;
import org.lifelog.contract.SubjectKey;
import org.lifelog.contract.Topic;
import org.lifelog.gateway.failure.Failure;
import org.lifelog.gateway.failure.Refusal;

/** Writes to {@code lifelog.readings} and says when Kafka has it. The producer must wait for {@code acks=all}. */
public final class ReadingProducer {
    /** One record to write. */
    public record Entry(SubjectKey key, IndexedRecord value) {}

    private final Producer<String, byte[]> producer;
    private final Serializer<IndexedRecord> serializer;

    public ReadingProducer(Producer<String, byte[]> producer, Serializer<IndexedRecord> serializer) {
        this.producer = producer;
        this.serializer = serializer;
    }

    /**
     * Writes records in their order. May block for as long as the producer's {@code max.block.ms}, so never call it on
     * an event loop.
     *
     * @return succeeds when Kafka has confirmed all of them; fails with a {@link Refusal} where it has not, and then some
     *     may be there all the same: sending them again is safe, because duplicates are recognised
     */
    public Future<Void> send(List<Entry> entries) {
        Promise<Void> done = Promise.promise();
        AtomicInteger left = new AtomicInteger(entries.size());
        AtomicReference<Exception> failure = new AtomicReference<>();
        for (Entry entry : entries) {
            try {
                producer.send(
                        new ProducerRecord<>(
                                Topic.READINGS.topicName(), entry.key().toString(), bytes(entry.value())),
                        (metadata, error) -> {
                            failure.compareAndSet(null, error);
                            if (left.decrementAndGet() == 0) {
                                complete(done, failure.get());
                            }
                        });
            } catch (KafkaException e) {
                // The rest of the batch would wait for max.block.ms each; what is under way may end as it likes.
                done.tryFail(refusal(e));
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

    private static void complete(Promise<Void> done, Exception failure) {
        if (failure == null) {
            done.tryComplete();
        } else {
            done.tryFail(refusal(failure));
        }
    }

    private static Refusal refusal(Exception e) {
        return e instanceof RecordTooLargeException
                ? new Refusal(Failure.TOO_LARGE, "A reading is larger than Kafka takes.", e)
                : new Refusal(
                        Failure.UNAVAILABLE, "The readings could not be stored now. Send the same message again.", e);
    }
}
