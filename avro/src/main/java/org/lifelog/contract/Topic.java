package org.lifelog.contract;

import java.time.Duration;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.kafka.common.config.TopicConfig;
import org.lifelog.avro.Aggregate;
import org.lifelog.avro.Device;
import org.lifelog.avro.LedgerEntry;
import org.lifelog.avro.MqttSession;
import org.lifelog.avro.QuarantinedReading;
import org.lifelog.avro.Reading;

/**
 * The topics of the service: their names, the schema of their values and their settings, here and nowhere else. Those
 * that each center has for itself are in {@link ResearchTopic}.
 */
public enum Topic {
    /** What the gateway accepted, as sent. */
    READINGS("lifelog.readings", Reading.getClassSchema(), Duration.ofDays(7)),
    /** The devices with their assignments. */
    DEVICES("lifelog.devices", Device.getClassSchema(), Duration.ZERO),
    /** Readings that an assignment released from quarantine, with their subject, to be judged as if they came in now. */
    RELEASED("lifelog.readings.released", Reading.getClassSchema(), Duration.ofDays(7)),
    /** Readings found valid, in the canonical unit. */
    VALID("lifelog.readings.valid", Reading.getClassSchema(), Duration.ofDays(7)),
    /** Readings that were not believed, with the reasons. */
    QUARANTINED("lifelog.readings.quarantined", QuarantinedReading.getClassSchema(), Duration.ofDays(30)),
    /** Summaries of one series over one window. */
    AGGREGATES("lifelog.aggregates", Aggregate.getClassSchema(), Duration.ofDays(7)),
    /** What became of the readings, by center and partition. */
    LEDGER("lifelog.ledger", LedgerEntry.getClassSchema(), Duration.ZERO),
    /** The sessions of MQTT clients, which outlive a connection and a gateway. */
    SESSIONS("lifelog.gateway.sessions", MqttSession.getClassSchema(), Duration.ZERO);

    private final String topicName;
    private final Schema schema;
    private final Duration retention;

    Topic(String topicName, Schema schema, Duration retention) {
        this.topicName = topicName;
        this.schema = schema;
        this.retention = retention;
    }

    /** The name in Kafka. */
    public String topicName() {
        return topicName;
    }

    /** The subject under which the schema of the values is registered. */
    public String subject() {
        return topicName + "-value";
    }

    /** The schema of the values. */
    public Schema schema() {
        return schema;
    }

    /** The settings of the topic in Kafka, but for partitions and replication, which the installation chooses. */
    public Map<String, String> settings() {
        return retention.isZero()
                ? Map.of(
                        TopicConfig.CLEANUP_POLICY_CONFIG,
                        TopicConfig.CLEANUP_POLICY_COMPACT,
                        TopicConfig.COMPRESSION_TYPE_CONFIG,
                        "producer")
                : deletedAfter(retention);
    }

    /** The settings of a topic whose records are deleted after so long. */
    static Map<String, String> deletedAfter(Duration retention) {
        return Map.of(
                TopicConfig.CLEANUP_POLICY_CONFIG,
                TopicConfig.CLEANUP_POLICY_DELETE,
                TopicConfig.RETENTION_MS_CONFIG,
                Long.toString(retention.toMillis()),
                // Retention counts from the arrival at the broker, never from a sender's clock: a wrong one would have
                // records deleted before anybody has read them, or kept for ever.
                TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG,
                "LogAppendTime",
                TopicConfig.COMPRESSION_TYPE_CONFIG,
                "producer");
    }
}
