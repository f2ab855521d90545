package org.lifelog.streams;

import static org.apache.kafka.common.acl.AclOperation.ALL;
import static org.apache.kafka.common.acl.AclOperation.DESCRIBE;
import static org.apache.kafka.common.acl.AclOperation.READ;
import static org.apache.kafka.common.acl.AclOperation.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.avro.generic.IndexedRecord;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lifelog.avro.Reading;
import org.lifelog.avro.ResearchReading;
import org.lifelog.contract.Catalogue;
import org.lifelog.contract.Centers;
import org.lifelog.contract.ResearchTopic;
import org.lifelog.contract.SubjectKey;
import org.lifelog.contract.Topic;
import org.lifelog.contract.Topics;
import org.lifelog.embedded.EmbeddedKafka;
import org.lifelog.embedded.testing.Infrastructure;
import org.lifelog.registry.KafkaAvroDeserializer;
import org.lifelog.registry.KafkaAvroSerializer;
import org.lifelog.registry.SchemaRegistryClient;
import org.lifelog.registry.SchemaRegistryConfig;
import org.lifelog.streams.research.ResearchKeys;

/**
 * The access rules of docs/research.md on a real Kafka that asks for credentials: streams work with theirs, and a
 * center's data scientists read their own center's topics and nothing else.
 */
class ResearchAccessTest {
    private static final String ISENS = "isens-research";
    private static final String GOODOC = "goodoc-research";
    private static final String STREAMS = "streams";
    private static final String ADMIN = "admin";

    @TempDir
    private static Path folder;

    private static EmbeddedKafka kafka;
    private static StreamsProcesses streams;

    @BeforeAll
    static void startWithReadingsOfTwoCenters() throws Exception {
        kafka = EmbeddedKafka.start(folder.resolve("kafka"), "127.0.0.1", 0, withAccessControl());
        try (Admin admin = Admin.create(client(ADMIN))) {
            new Topics(admin, new SchemaRegistryClient(Infrastructure.registryUrl()), Centers.load(Catalogue.load()))
                    .apply(2, (short) 1);
            admin.createAcls(Stream.of(streamsRules(), researchRules(ISENS, "isens"), researchRules(GOODOC, "goodoc"))
                            .flatMap(List::stream)
                            .toList())
                    .all()
                    .get();
        }
        ResearchKeys keys = new ResearchKeys(folder.resolve("keys"));
        keys.make("isens", "r1", 26);
        keys.make("goodoc", "r1", 26);
        streams = new StreamsProcesses(folder);
        List<String> settings = new ArrayList<>();
        client(STREAMS).forEach((name, value) -> settings.add("kafka." + name + "=" + value));
        settings.add("lifelog.unknown.devices=accept");
        settings.add("research.keys=" + folder.resolve("keys"));
        streams.start("state", settings.toArray(String[]::new));
        send(Readings.glucose("2026-11-24T06:00:00Z", 100).build());
        send(Readings.glucose("2026-11-24T06:00:00Z", 101).setCenter("goodoc").build());
    }

    @AfterAll
    static void stop() {
        streams.close();
        kafka.close();
    }

    private static Map<String, String> withAccessControl() {
        StringBuilder users = new StringBuilder();
        for (String user : List.of(ADMIN, STREAMS, ISENS, GOODOC)) {
            users.append(" user_")
                    .append(user)
                    .append("=\"")
                    .append(password(user))
                    .append('"');
        }
        return Map.of(
                "listener.security.protocol.map", "CLIENT:SASL_PLAINTEXT,CONTROLLER:PLAINTEXT",
                "sasl.enabled.mechanisms", "PLAIN",
                "sasl.mechanism.inter.broker.protocol", "PLAIN",
                "listener.name.client.plain.sasl.jaas.config", login(ADMIN, password(ADMIN), users.toString()),
                "authorizer.class.name", "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
                // Only the node itself speaks to its controller, without a credential.
                "super.users", "User:" + ADMIN + ";User:ANONYMOUS");
    }

    private static String password(String user) {
        return user + "-password";
    }

    private static String login(String user, String password, String more) {
        return "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"" + user + "\" password=\""
                + password + "\"" + more + ";";
    }

    private static Map<String, Object> client(String user) {
        return client(user, password(user));
    }

    private static Map<String, Object> client(String user, String password) {
        return new HashMap<>(Map.of(
                "bootstrap.servers",
                kafka.bootstrap(),
                "security.protocol",
                "SASL_PLAINTEXT",
                "sasl.mechanism",
                "PLAIN",
                "sasl.jaas.config",
                login(user, password, "")));
    }

    /** What {@code kafka-acls --resource-pattern-type prefixed} of docs/research.md makes. */
    private static List<AclBinding> researchRules(String user, String center) {
        return List.of(
                rule(user, ResourceType.TOPIC, "lifelog.research." + center + ".", READ),
                rule(user, ResourceType.TOPIC, "lifelog.research." + center + ".", DESCRIBE),
                rule(user, ResourceType.GROUP, "research." + center + ".", READ));
    }

    private static List<AclBinding> streamsRules() {
        return List.of(
                rule(STREAMS, ResourceType.TOPIC, "lifelog.", READ),
                rule(STREAMS, ResourceType.TOPIC, "lifelog.", WRITE),
                rule(STREAMS, ResourceType.TOPIC, "lifelog.", DESCRIBE),
                rule(STREAMS, ResourceType.TOPIC, "lifelog-streams-", ALL),
                rule(STREAMS, ResourceType.GROUP, "lifelog-streams", READ),
                rule(STREAMS, ResourceType.TRANSACTIONAL_ID, "lifelog-streams-", WRITE),
                rule(STREAMS, ResourceType.TRANSACTIONAL_ID, "lifelog-streams-", DESCRIBE));
    }

    private static AclBinding rule(String user, ResourceType type, String prefix, AclOperation operation) {
        return new AclBinding(
                new ResourcePattern(type, prefix, PatternType.PREFIXED),
                new AccessControlEntry("User:" + user, "*", operation, AclPermissionType.ALLOW));
    }

    private static void send(Reading reading) throws Exception {
        KafkaAvroSerializer serializer = new KafkaAvroSerializer();
        serializer.configure(Map.of(SchemaRegistryConfig.URL, Infrastructure.registryUrl()), false);
        String key = SubjectKey.of(reading.getCenter(), reading.getSubject()).toString();
        try (KafkaProducer<String, IndexedRecord> producer =
                new KafkaProducer<>(client(ADMIN), new StringSerializer(), serializer)) {
            producer.send(new ProducerRecord<>(Topic.READINGS.topicName(), key, reading))
                    .get();
        }
    }

    private static KafkaConsumer<String, IndexedRecord> consumer(Map<String, Object> client, String group) {
        client.put("group.id", group);
        client.put("auto.offset.reset", "earliest");
        client.put("isolation.level", "read_committed");
        KafkaAvroDeserializer deserializer = new KafkaAvroDeserializer();
        deserializer.configure(
                Map.of(
                        SchemaRegistryConfig.URL,
                        Infrastructure.registryUrl(),
                        SchemaRegistryConfig.SPECIFIC_READER,
                        true),
                false);
        return new KafkaConsumer<>(client, new StringDeserializer(), deserializer);
    }

    @Test
    void dataScientistsReadTheirOwnCenter() {
        assertThat(values(ISENS, "isens")).containsExactly(100.0);
        assertThat(values(GOODOC, "goodoc")).containsExactly(101.0);
    }

    private static List<Double> values(String user, String center) {
        List<Double> values = new ArrayList<>();
        try (KafkaConsumer<String, IndexedRecord> consumer =
                consumer(client(user), "research." + center + ".notebook")) {
            consumer.subscribe(List.of(ResearchTopic.READINGS.topicName(center)));
            await().atMost(Duration.ofMinutes(2)).until(() -> {
                consumer.poll(Duration.ofMillis(500))
                        .forEach(record -> values.add(((ResearchReading) record.value()).getValue()));
                return !values.isEmpty();
            });
        }
        return values;
    }

    @Test
    void anotherCentersCredentialFails() {
        for (ResearchTopic topic : ResearchTopic.values()) {
            refused(GOODOC, topic.topicName("isens"));
            refused(ISENS, topic.topicName("goodoc"));
        }
    }

    @Test
    void theTopicsThatNameSubjectsAreClosedToThem() {
        for (Topic topic : Topic.values()) {
            refused(ISENS, topic.topicName());
        }
    }

    private static void refused(String user, String topic) {
        try (KafkaConsumer<String, IndexedRecord> consumer = consumer(client(user), "none")) {
            consumer.assign(List.of(new TopicPartition(topic, 0)));
            consumer.seekToBeginning(consumer.assignment());
            assertThatThrownBy(() -> consumer.poll(Duration.ofSeconds(30)))
                    .as("%s reads %s", user, topic)
                    .isInstanceOf(TopicAuthorizationException.class);
        }
    }

    @Test
    void anotherCentersGroupIsClosedToo() {
        try (KafkaConsumer<String, IndexedRecord> consumer = consumer(client(ISENS), "research.goodoc.notebook")) {
            consumer.subscribe(List.of(ResearchTopic.READINGS.topicName("isens")));
            assertThatExceptionOfType(GroupAuthorizationException.class)
                    .isThrownBy(() -> consumer.poll(Duration.ofSeconds(30)));
        }
    }

    @Test
    void dataScientistsOnlyRead() {
        Map<String, Object> client = client(ISENS);
        // Which would ask for a right of the cluster's before that of the topic.
        client.put("enable.idempotence", false);
        try (KafkaProducer<String, byte[]> producer =
                new KafkaProducer<>(client, new StringSerializer(), new ByteArraySerializer())) {
            assertThatThrownBy(() -> producer.send(new ProducerRecord<>(
                                    ResearchTopic.READINGS.topicName("isens"), "key", new byte[] {1}))
                            .get())
                    .hasCauseInstanceOf(TopicAuthorizationException.class);
        }
    }

    @Test
    void aWrongPasswordFails() {
        try (KafkaConsumer<String, IndexedRecord> consumer =
                consumer(client(ISENS, "wrong"), "research.isens.notebook")) {
            consumer.subscribe(List.of(ResearchTopic.READINGS.topicName("isens")));
            assertThatExceptionOfType(SaslAuthenticationException.class)
                    .isThrownBy(() -> consumer.poll(Duration.ofSeconds(30)));
        }
    }
}
