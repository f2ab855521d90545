package org.lifelog.streams;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RetriableException;
import org.lifelog.contract.Topic;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The topics that must be there before the streams start. */
final class SourceTopics {
    private static final Logger LOG = LoggerFactory.getLogger(SourceTopics.class);
    /** Those that streams read. */
    private static final List<String> NAMES = Stream.of(Topic.READINGS, Topic.RELEASED, Topic.DEVICES)
            .map(Topic::topicName)
            .toList();

    private static final int TIMEOUT_MILLIS = 10_000;
    private static final long PAUSE_MILLIS = 1_000;

    private SourceTopics() {}

    /**
     * Waits until Kafka answers and has them all, however long that takes. Kafka Streams itself reads the devices while it
     * starts, would give up on that after minutes, and cannot be closed meanwhile.
     *
     * @param settings of an admin client
     * @param others more that must be there, because the first record for one that is missing would stop all others
     * @throws KafkaException where Kafka refuses, such as a credential
     * @throws InterruptedException where the thread is interrupted meanwhile
     */
    static void await(Map<String, Object> settings, List<String> others) throws InterruptedException {
        List<String> names = Stream.concat(NAMES.stream(), others.stream()).toList();
        try (Admin admin = Admin.create(settings)) {
            boolean told = false;
            while (true) {
                try {
                    admin.describeTopics(names, new DescribeTopicsOptions().timeoutMs(TIMEOUT_MILLIS))
                            .allTopicNames()
                            .get();
                    return;
                } catch (ExecutionException e) {
                    if (!(e.getCause() instanceof RetriableException)) {
                        throw new KafkaException("Kafka refuses to tell of the topics " + names, e.getCause());
                    }
                    if (!told) {
                        LOG.warn(
                                "Waiting for Kafka to have {}, which ./lifelog topics makes: {}",
                                names,
                                e.getCause().getMessage());
                        told = true;
                    }
                    TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
                }
            }
        }
    }
}
