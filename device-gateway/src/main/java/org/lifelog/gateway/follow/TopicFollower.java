package org.lifelog.gateway.follow;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.lifelog.contract.Topic;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads a topic from its beginning, all partitions and without a group, and follows it, on a
 * thread of its own. Where that fails it goes on from where it was: old entries read twice would look like new ones.
 */
public final class TopicFollower implements AutoCloseable {
    /** What is told of the topic, all on the one thread. */
    public interface Reader {
        void entry(ConsumerRecord<String, byte[]> entry);

        /** All that was there at the start has been read. */
        void caughtUp();

        /** About every second. */
        void idle();

        /** Reading has failed and is tried again. */
        void lost(String why);
    }

    private static final Logger LOG = LoggerFactory.getLogger(TopicFollower.class);
    private static final Duration POLL = Duration.ofSeconds(1);
    private static final long CLOSE_MILLIS = 5_000;
    private static final int PARTITIONS_SECONDS = 5;

    private final Map<String, Object> settings;
    private final Reader reader;
    private final Topic topic;
    private final Thread thread;
    private final Map<TopicPartition, Long> positions = new HashMap<>();
    private volatile boolean closed;
    private volatile Consumer<Void> wakeUp = nothing -> {};

    public TopicFollower(Map<String, Object> settings, Topic topic, Reader reader) {
        this.topic = topic;
        this.thread = new Thread(this::run, "follow-" + topic.topicName());
        this.settings = new HashMap<>(settings);
        this.settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        this.settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        this.settings.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        this.settings.put(ConsumerConfig.CLIENT_ID_CONFIG, "lifelog-gateway-" + topic.topicName());
        this.reader = reader;
        thread.setDaemon(true);
    }

    public void start() {
        thread.start();
    }

    private void run() {
        while (!closed) {
            try (KafkaConsumer<String, byte[]> consumer =
                    new KafkaConsumer<>(settings, new StringDeserializer(), new ByteArrayDeserializer())) {
                wakeUp = nothing -> consumer.wakeup();
                follow(consumer);
            } catch (WakeupException e) {
                // closed
            } catch (RuntimeException e) {
                LOG.warn("Reading {} failed and is tried again", topic.topicName(), e);
                reader.lost(e.getClass().getSimpleName());
                pause();
            }
        }
    }

    private void follow(KafkaConsumer<String, byte[]> consumer) {
        List<TopicPartition> partitions = partitions(consumer);
        if (partitions.isEmpty()) {
            reader.lost("there is no topic " + topic.topicName());
            pause();
            return;
        }
        consumer.assign(partitions);
        partitions.forEach(partition -> {
            Long next = positions.get(partition);
            if (next == null) {
                consumer.seekToBeginning(List.of(partition));
            } else {
                consumer.seek(partition, next);
            }
        });
        Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
        boolean caughtUp = false;
        while (!closed) {
            if (!caughtUp
                    && ends.entrySet().stream().allMatch(end -> consumer.position(end.getKey()) >= end.getValue())) {
                caughtUp = true;
                reader.caughtUp();
            }
            consumer.poll(POLL).forEach(entry -> {
                positions.put(new TopicPartition(entry.topic(), entry.partition()), entry.offset() + 1);
                reader.entry(entry);
            });
            reader.idle();
        }
    }

    private List<TopicPartition> partitions(KafkaConsumer<String, byte[]> consumer) {
        return consumer.partitionsFor(topic.topicName(), Duration.ofSeconds(PARTITIONS_SECONDS)).stream()
                .map(info -> new TopicPartition(info.topic(), info.partition()))
                .toList();
    }

    private void pause() {
        try {
            Thread.sleep(POLL.toMillis());
        } catch (InterruptedException e) {
            closed = true;
        }
    }

    @Override
    public void close() {
        closed = true;
        wakeUp.accept(null);
        try {
            thread.join(CLOSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
