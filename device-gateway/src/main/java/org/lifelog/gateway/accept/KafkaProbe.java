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
import org.lifelog.contract.Topic;
import org.lifelog.runtime.Health;

/** Looks every other second whether Kafka answers and has the topic, so that readiness can tell at once. */
public final class KafkaProbe implements AutoCloseable {
    private static final long INTERVAL_SECONDS = 2;
    private static final int TIMEOUT_MILLIS = 2_000;

    private final Admin admin;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "kafka-probe");
        thread.setDaemon(true);
        return thread;
    });
    private volatile Health.Check last = Health.Check.down("not looked at yet");

    /** Starts to look. Closes the client at the end. */
    public KafkaProbe(Map<String, Object> adminSettings) {
        admin = Admin.create(adminSettings);
        timer.scheduleWithFixedDelay(this::look, 0, INTERVAL_SECONDS, TimeUnit.SECONDS);
    }

    /** What was seen last. */
    public Health.Check check() {
        return last;
    }

    private void look() {
        try {
            admin.describeTopics(
                            Collections.singleton(Topic.READINGS.topicName()),
                            new DescribeTopicsOptions().timeoutMs(TIMEOUT_MILLIS))
                    .allTopicNames()
                    .get(2L * TIMEOUT_MILLIS, TimeUnit.MILLISECONDS);
            last = Health.Check.up("topic " + Topic.READINGS.topicName() + " is there");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException e) {
            last = Health.Check.down("Kafka answers with "
                    + e.getCause().getClass().getSimpleName() + "; readings are answered with 503");
        } catch (Exception e) {
            last = Health.Check.down("Kafka does not answer; readings are answered with 503");
        }
    }

    @Override
    public void close() {
        timer.shutdownNow();
        admin.close(Duration.ofSeconds(1));
    }
}
