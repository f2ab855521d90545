package org.lifelog.gateway.accept;

import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.common.KafkaException;
import org.lifelog.contract.Topic;
import org.lifelog.runtime.Health;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks every second whether Kafka answers and has the topic, so that readiness can tell at once and the breaker learns
 * when Kafka is back; and keeps the producer prepared.
 */
public final class KafkaProbe implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(KafkaProbe.class);
    private static final long INTERVAL_SECONDS = 1;
    private static final int TIMEOUT_MILLIS = 2_000;

    private final Admin admin;
    private final ReadingProducer producer;
    private final Breaker breaker;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "kafka-probe");
        thread.setDaemon(true);
        return thread;
    });
    private volatile Health.Check last = Health.Check.down("not looked at yet");

    /** Starts to look. Closes the client at the end. */
    public KafkaProbe(Map<String, Object> adminSettings, ReadingProducer producer, Breaker breaker) {
        admin = Admin.create(adminSettings);
        this.producer = producer;
        this.breaker = breaker;
        timer.scheduleWithFixedDelay(this::look, 0, INTERVAL_SECONDS, TimeUnit.SECONDS);
    }

    /** What was seen last. */
    public Health.Check check() {
        return breaker.closed()
                ? last
                : Health.Check.down("Kafka does not confirm records; readings are answered with 503");
    }

    private void look() {
        try {
            admin.describeTopics(
                            Collections.singleton(Topic.READINGS.topicName()),
                            new DescribeTopicsOptions().timeoutMs(TIMEOUT_MILLIS))
                    .allTopicNames()
                    .get(2L * TIMEOUT_MILLIS, TimeUnit.MILLISECONDS);
            producer.prepare();
            breaker.answers();
            last = Health.Check.up("topic " + Topic.READINGS.topicName() + " is there");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException e) {
            last = down(e.getCause());
        } catch (KafkaException e) {
            last = down(e);
        } catch (Exception e) {
            LOG.debug("Kafka was not there", e);
            last = Health.Check.down("Kafka does not answer; readings are answered with 503");
        }
    }

    private static Health.Check down(Throwable error) {
        LOG.debug("Kafka or the schema registry was not there", error);
        return Health.Check.down("Kafka or the schema registry answers with "
                + error.getClass().getSimpleName() + "; readings are answered with 503");
    }

    @Override
    public void close() {
        timer.shutdownNow();
        admin.close(Duration.ofSeconds(1));
    }
}
