package org.lifelog.contract;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.avro.Schema;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.lifelog.registry.SchemaRegistryClient;

/** Creates or updates the topics and registers their schemas. Idempotent, and the one way that topics come to be. */
public final class Topics {
    private static final String COMPATIBILITY = "BACKWARD_TRANSITIVE";
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(60);
    private static final long PAUSE_MILLIS = 100;

    /** A topic as it should be. */
    private record Wanted(String name, String subject, Schema schema, Map<String, String> settings) {}

    private final Admin admin;
    private final SchemaRegistryClient registry;
    private final List<Wanted> wanted = new ArrayList<>();

    /** For the topics that all centers share, with the given clients, which stay the caller's to close. */
    public Topics(Admin admin, SchemaRegistryClient registry) {
        this.admin = admin;
        this.registry = registry;
        for (Topic topic : Topic.values()) {
            wanted.add(new Wanted(topic.topicName(), topic.subject(), topic.schema(), topic.settings()));
        }
    }

    /** For the topics that all centers share and those that each of these centers has for itself. */
    public Topics(Admin admin, SchemaRegistryClient registry, Centers centers) {
        this(admin, registry);
        for (Center center : centers.all()) {
            for (ResearchTopic topic : ResearchTopic.values()) {
                wanted.add(new Wanted(
                        topic.topicName(center.code()),
                        topic.subject(center.code()),
                        topic.schema(),
                        topic.settings()));
            }
        }
    }

    /**
     * Brings topics, settings and schemas into line. What was created takes records when this returns.
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
        List<Wanted> missing = new ArrayList<>();
        for (Wanted topic : wanted) {
            TopicDescription description = existing.get(topic.name());
            if (description == null) {
                missing.add(topic);
            } else if (description.partitions().size() != partitions) {
                throw new IllegalStateException("Topic " + topic.name() + " has "
                        + description.partitions().size() + " partitions, not " + partitions
                        + ". Changing that moves subjects between partitions and loses their order and state; "
                        + "keep the number (--partitions "
                        + description.partitions().size()
                        + ") or start with new topics.");
            } else {
                done.addAll(updateSettings(topic));
            }
        }
        done.addAll(create(missing, partitions, replication));
        for (Wanted topic : wanted) {
            done.addAll(updateSchema(topic));
        }
        return done;
    }

    private Map<String, TopicDescription> existing() {
        Collection<String> present = get(admin.listTopics().names());
        List<String> ours =
                wanted.stream().map(Wanted::name).filter(present::contains).toList();
        return get(admin.describeTopics(ours).allTopicNames());
    }

    private List<String> create(List<Wanted> missing, int partitions, short replication) {
        get(admin.createTopics(missing.stream()
                        .map(topic -> new NewTopic(topic.name(), partitions, replication).configs(topic.settings()))
                        .toList())
                .all());
        awaitLeaders(missing, partitions);
        return missing.stream()
                .map(topic -> "created topic " + topic.name() + " with " + partitions + " partitions")
                .toList();
    }

    /**
     * Waits until every partition takes records. Until then a producer's batches are sent again out of order, and a partition
     * without any record takes whichever comes first, after which it refuses the earlier ones for good. A broker that has not
     * heard of a topic yet says that there is none, which the client takes for an answer.
     */
    private void awaitLeaders(List<Wanted> created, int partitions) {
        Map<TopicPartition, OffsetSpec> ends = new HashMap<>();
        for (Wanted topic : created) {
            for (int partition = 0; partition < partitions; partition++) {
                ends.put(new TopicPartition(topic.name(), partition), OffsetSpec.latest());
            }
        }
        long deadline = System.nanoTime() + LONGEST_WAIT.toNanos();
        while (true) {
            try {
                get(admin.listOffsets(ends).all());
                return;
            } catch (UnknownTopicOrPartitionException e) {
                if (System.nanoTime() > deadline) {
                    throw e;
                }
                pause();
            }
        }
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new KafkaException("interrupted while waiting for Kafka", e);
        }
    }

    private List<String> updateSettings(Wanted topic) {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic.name());
        Config config = get(admin.describeConfigs(List.of(resource)).all()).get(resource);
        Map<String, String> changed = new HashMap<>(topic.settings());
        changed.entrySet().removeIf(setting -> {
            ConfigEntry entry = config.get(setting.getKey());
            return entry != null && setting.getValue().equals(entry.value());
        });
        if (changed.isEmpty()) {
            return List.of();
        }
        Collection<AlterConfigOp> changes = changed.entrySet().stream()
                .map(setting -> new AlterConfigOp(
                        new ConfigEntry(setting.getKey(), setting.getValue()), AlterConfigOp.OpType.SET))
                .toList();
        get(admin.incrementalAlterConfigs(Map.of(resource, changes)).all());
        return List.of("changed settings " + changed.keySet() + " of topic " + topic.name());
    }

    private List<String> updateSchema(Wanted topic) {
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
