package org.lifelog.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.lifelog.embedded.testing.Infrastructure;
import org.lifelog.registry.SchemaRegistryClient;

/** In an order, because there is one set of topics and it begins without. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class TopicsTest {
    private static final int PARTITIONS = 6;
    private static final Admin ADMIN = Admin.create(Map.of("bootstrap.servers", Infrastructure.kafka()));

    private final SchemaRegistryClient registry = new SchemaRegistryClient(Infrastructure.registryUrl());
    private final Topics topics = new Topics(ADMIN, registry);

    @AfterAll
    static void close() {
        ADMIN.close();
    }

    @Test
    @Order(1)
    void topicsAndSchemasAreMade() throws Exception {
        List<String> done = topics.apply(PARTITIONS, (short) 1);
        assertThat(done)
                .contains(
                        "created topic lifelog.readings with 6 partitions",
                        "set compatibility of lifelog.readings-value to BACKWARD_TRANSITIVE")
                .anyMatch(line -> line.startsWith(
                        "registered schema org.lifelog.avro.Reading of lifelog.readings-value with id "))
                .hasSize(3 * Topic.values().length);

        Collection<String> names =
                Arrays.stream(Topic.values()).map(Topic::topicName).toList();
        await().atMost(Duration.ofSeconds(30))
                .until(() -> ADMIN.listTopics().names().get().containsAll(names));
        ADMIN.describeTopics(names)
                .allTopicNames()
                .get()
                .values()
                .forEach(description -> assertThat(description.partitions())
                        .as(description.name())
                        .hasSize(PARTITIONS));
        for (Topic topic : Topic.values()) {
            Config config = config(topic);
            topic.settings()
                    .forEach((name, value) -> assertThat(config.get(name).value())
                            .as("%s of %s", name, topic)
                            .isEqualTo(value));
            assertThat(registry.latest(topic.subject())).contains(topic.schema());
            assertThat(registry.compatibility(topic.subject())).contains("BACKWARD_TRANSITIVE");
        }
    }

    @Test
    @Order(2)
    void aSecondTimeThereIsNothingToDo() {
        assertThat(topics.apply(PARTITIONS, (short) 1)).isEmpty();
    }

    @Test
    @Order(3)
    void aChangedSettingIsRepaired() throws Exception {
        set(Topic.READINGS, "retention.ms", "1000");
        await().atMost(Duration.ofSeconds(30))
                .until(() -> config(Topic.READINGS).get("retention.ms").value().equals("1000"));

        assertThat(topics.apply(PARTITIONS, (short) 1))
                .containsExactly("changed settings [retention.ms] of topic lifelog.readings");
        await().atMost(Duration.ofSeconds(30))
                .until(() -> config(Topic.READINGS).get("retention.ms").value().equals("604800000"));
    }

    @Test
    @Order(4)
    void settingsThatAreNotOursAreLeftAlone() throws Exception {
        set(Topic.READINGS, "segment.ms", "3600000");
        assertThat(topics.apply(PARTITIONS, (short) 1)).isEmpty();
        await().atMost(Duration.ofSeconds(30))
                .until(() -> config(Topic.READINGS).get("segment.ms").value().equals("3600000"));
    }

    @Test
    @Order(5)
    void aChangedCompatibilityIsRepaired() {
        registry.setCompatibility(Topic.DEVICES.subject(), "NONE");
        assertThat(topics.apply(PARTITIONS, (short) 1))
                .containsExactly("set compatibility of lifelog.devices-value to BACKWARD_TRANSITIVE");
    }

    @Test
    @Order(6)
    void eachCenterHasTopicsForResearch() throws Exception {
        Centers centers = Centers.load(Catalogue.load());
        Topics withCenters = new Topics(ADMIN, registry, centers);

        List<String> done = withCenters.apply(PARTITIONS, (short) 1);

        assertThatAllTakeRecords(centers);
        assertThat(done)
                .contains(
                        "created topic lifelog.research.isens.readings with 6 partitions",
                        "created topic lifelog.research.healthmax.aggregates with 6 partitions",
                        "set compatibility of lifelog.research.isens.readings-value to BACKWARD_TRANSITIVE")
                .hasSize(3 * 2 * centers.all().size());
        assertThat(withCenters.apply(PARTITIONS, (short) 1)).isEmpty();
        assertThat(topics.apply(PARTITIONS, (short) 1)).isEmpty();
        assertThat(registry.latest("lifelog.research.isens.readings-value")).contains(ResearchTopic.READINGS.schema());
        assertThat(registry.latest("lifelog.research.isens.aggregates-value"))
                .contains(ResearchTopic.AGGREGATES.schema());
    }

    @Test
    @Order(7)
    void anotherNumberOfPartitionsIsRefused() throws ExecutionException, InterruptedException {
        assertThatIllegalStateException()
                .isThrownBy(() -> topics.apply(PARTITIONS + 1, (short) 1))
                .withMessageStartingWith("Topic lifelog.readings has 6 partitions, not 7.")
                .withMessageContaining("--partitions 6");
        assertThat(ADMIN.describeTopics(Set.of("lifelog.readings"))
                        .allTopicNames()
                        .get()
                        .get("lifelog.readings")
                        .partitions())
                .hasSize(PARTITIONS);
    }

    private static Config config(Topic topic) throws ExecutionException, InterruptedException {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic.topicName());
        return ADMIN.describeConfigs(List.of(resource)).all().get().get(resource);
    }

    private static void set(Topic topic, String name, String value) throws ExecutionException, InterruptedException {
        ADMIN.incrementalAlterConfigs(Map.of(
                        new ConfigResource(ConfigResource.Type.TOPIC, topic.topicName()),
                        List.of(new AlterConfigOp(new ConfigEntry(name, value), AlterConfigOp.OpType.SET))))
                .all()
                .get();
    }

    /** Without trying again, as a producer's first batch. */
    private static void assertThatAllTakeRecords(Centers centers) throws Exception {
        Map<TopicPartition, OffsetSpec> ends = new HashMap<>();
        for (Center center : centers.all()) {
            for (int partition = 0; partition < PARTITIONS; partition++) {
                String name = ResearchTopic.READINGS.topicName(center.code());
                ends.put(new TopicPartition(name, partition), OffsetSpec.latest());
            }
        }
        try (Admin once = Admin.create(Map.of("bootstrap.servers", Infrastructure.kafka(), "retries", 0))) {
            assertThat(once.listOffsets(ends).all().get()).hasSameSizeAs(ends);
        }
    }
}
