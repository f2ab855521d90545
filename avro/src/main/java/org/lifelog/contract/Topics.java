package org.lifelog.contract;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.lifelog.registry.SchemaRegistryClient;

/** Creates or updates the topics and registers their schemas. Idempotent, and the one way that topics come to be. */
public final class Topics {
    private static final String COMPATIBILITY = "BACKWARD_TRANSITIVE";

    private final Admin admin;
    private final SchemaRegistryClient registry;

    /** Uses the given clients, which stay the caller's to close. */
    public Topics(Admin admin, SchemaRegistryClient registry) {
        this.admin = admin;
        this.registry = registry;
    }

    /**
     * Brings topics, settings and schemas into line.
     *
     * @param partitions partitions of each topic, the same for all, so that one subject is one ordered sequence everywhere
     * @param replication replicas of each partition; -1 leaves it to the broker
     * @return one line for each thing done; empty where all was in place
     * @throws IllegalStateException where a topic has another number of partitions: subjects would move between them
     * @throws KafkaException where Kafka refuses
     * @throws org.lifelog.registry.SchemaRegistryException where the registry refuses, above all an incompatible schema
     */
    public List<String> apply(int partitions, short replication) {
        List<String> done = new ArrayList<>();
        Map<String, TopicDescription> existing = existing();
        for (Topic topic : Topic.values()) {
            TopicDescription description = existing.get(topic.topicName());
            if (description == null) {
                get(admin.createTopics(List.of(
                                new NewTopic(topic.topicName(), partitions, replication).configs(topic.settings())))
                        .all());
                done.add("created topic " + topic.topicName() + " with " + partitions + " partitions");
            } else if (description.partitions().size() != partitions) {
                throw new IllegalStateException("Topic " + topic.topicName() + " has "
                        + description.partitions().size() + " partitions, not " + partitions
                        + ". Changing that moves subjects between partitions and loses their order and state; "
                        + "keep the number (--partitions "
                        + description.partitions().size()
                        + ") or start with new topics.");
            } else {
                done.addAll(updateSettings(topic));
            }
        }
        for (Topic topic : Topic.values()) {
            done.addAll(updateSchema(topic));
        }
        return done;
    }

    private Map<String, TopicDescription> existing() {
        Collection<String> present = get(admin.listTopics().names());
        List<String> ours = Arrays.stream(Topic.values())
                .map(Topic::topicName)
                .filter(present::contains)
                .toList();
        return get(admin.describeTopics(ours).allTopicNames());
    }

    private List<String> updateSettings(Topic topic) {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic.topicName());
        Config config = get(admin.describeConfigs(List.of(resource)).all()).get(resource);
        Map<String, String> wanted = new HashMap<>(topic.settings());
        wanted.entrySet().removeIf(setting -> {
            ConfigEntry entry = config.get(setting.getKey());
            return entry != null && setting.getValue().equals(entry.value());
        });
        if (wanted.isEmpty()) {
            return List.of();
        }
        Collection<AlterConfigOp> changes = wanted.entrySet().stream()
                .map(setting -> new AlterConfigOp(
                        new ConfigEntry(setting.getKey(), setting.getValue()), AlterConfigOp.OpType.SET))
                .toList();
        get(admin.incrementalAlterConfigs(Map.of(resource, changes)).all());
        return List.of("changed settings " + wanted.keySet() + " of topic " + topic.topicName());
    }

    private List<String> updateSchema(Topic topic) {
        List<String> done = new ArrayList<>();
        if (!registry.compatibility(topic.subject())
                .filter(COMPATIBILITY::equals)
                .isPresent()) {
            registry.setCompatibility(topic.subject(), COMPATIBILITY);
            done.add("set compatibility of " + topic.subject() + " to " + COMPATIBILITY);
        }
        if (registry.lookUp(topic.subject(), topic.schema()).isEmpty()) {
            int id = registry.register(topic.subject(), topic.schema());
            done.add("registered schema " + topic.schema().getFullName() + " of " + topic.subject() + " with id " + id);
        }
        return done;
    }

    private static <T> T get(KafkaFuture<T> future) {
        try {
            return future.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof KafkaException known ? known : new KafkaException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new KafkaException("interrupted while waiting for Kafka", e);
        }
    }
}
