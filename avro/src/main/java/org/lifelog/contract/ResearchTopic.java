package org.lifelog.contract;

import java.time.Duration;
import java.util.Map;
import org.apache.avro.Schema;
import org.lifelog.avro.ResearchAggregate;
import org.lifelog.avro.ResearchReading;

/**
 * The topics for research, of which each center has its own, so that access can be given center by center. Their keys
 * are pseudonyms, and so are their partitions.
 */
public enum ResearchTopic {
    /** Valid readings under pseudonyms. */
    READINGS("readings", ResearchReading.getClassSchema()),
    /** Summaries of one series over one window, under pseudonyms. */
    AGGREGATES("aggregates", ResearchAggregate.getClassSchema());

    private static final String PREFIX = "lifelog.research.";
    private static final Duration RETENTION = Duration.ofDays(30);

    private final String what;
    private final Schema schema;

    ResearchTopic(String what, Schema schema) {
        this.what = what;
        this.schema = schema;
    }

    /**
     * The name in Kafka.
     *
     * @param center code of the center, which has no dots, so that no center's topics begin like another's
     */
    public String topicName(String center) {
        return PREFIX + center + "." + what;
    }

    /** The subject under which the schema of the values is registered. */
    public String subject(String center) {
        return topicName(center) + "-value";
    }

    /** The schema of the values. */
    public Schema schema() {
        return schema;
    }

    /** The settings of the topic in Kafka, but for partitions and replication, which the installation chooses. */
    public Map<String, String> settings() {
        return Topic.deletedAfter(RETENTION);
    }
}
