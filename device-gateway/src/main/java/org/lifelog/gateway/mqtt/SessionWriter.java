package org.lifelog.gateway.mqtt;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.apache.avro.generic.IndexedRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.serialization.Serializer;
import org.lifelog.contract.Topic;
import org.lifelog.gateway.failure.Failure;
import org.lifelog.gateway.failure.Refusal;

/**
 * Writes entries of {@code lifelog.gateway.sessions} in their order, away from the event loops, because a producer blocks
 * while Kafka is away. At most 10,000 entries wait.
 */
final class SessionWriter implements AutoCloseable {
    /** Header of an end (a tombstone): the connection whose session ends. Without it any connection's does. */
    static final String OF = "of";
    /** Header of an end: the connection that wrote it. */
    static final String BY = "by";

    private static final int MOST_WAITING = 10_000;
    private static final long CLOSE_SECONDS = 5;

    private final Producer<String, byte[]> producer;
    private final Serializer<IndexedRecord> serializer;
    private final ThreadPoolExecutor executor =
            new ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS, new ArrayBlockingQueue<>(MOST_WAITING), task -> {
                Thread thread = new Thread(task, "mqtt-sessions-writer");
                thread.setDaemon(true);
                return thread;
            });

    SessionWriter(Producer<String, byte[]> producer, Serializer<IndexedRecord> serializer) {
        this.producer = producer;
        this.serializer = serializer;
    }

    /** Writes an entry; succeeds when Kafka has it, fails with a {@link Refusal}. */
    Future<Void> write(SessionKey key, Session session) {
        return send(key, Optional.of(session), List.of());
    }

    /**
     * Ends a session.
     *
     * @param of the connection whose session ends; nothing for whoever has it
     */
    Future<Void> end(SessionKey key, Optional<String> of, String by) {
        Header author = header(BY, by);
        return send(
                key,
                Optional.empty(),
                of.map(connection -> List.of(author, header(OF, connection))).orElse(List.of(author)));
    }

    private static Header header(String name, String value) {
        return new RecordHeader(name, value.getBytes(StandardCharsets.UTF_8));
    }

    private Future<Void> send(SessionKey key, Optional<Session> session, List<Header> headers) {
        Promise<Void> done = Promise.promise();
        try {
            executor.execute(() -> {
                try {
                    byte[] value = session.map(
                                    entry -> serializer.serialize(Topic.SESSIONS.topicName(), entry.toEntry(key)))
                            .orElse(null);
                    producer.send(
                            new ProducerRecord<>(Topic.SESSIONS.topicName(), null, key.toString(), value, headers),
                            (metadata, error) -> {
                                if (error == null) {
                                    done.complete();
                                } else {
                                    done.fail(unavailable(error));
                                }
                            });
                } catch (RuntimeException e) {
                    done.tryFail(unavailable(e));
                }
            });
        } catch (RejectedExecutionException e) {
            done.fail(unavailable(e));
        }
        return done.future();
    }

    private static Refusal unavailable(Throwable cause) {
        return new Refusal(Failure.UNAVAILABLE, "The session could not be stored now. Connect again.", cause);
    }

    /** Waits for what is to be written, for some seconds. */
    @Override
    public void close() {
        executor.shutdown();
        try {
            executor.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
