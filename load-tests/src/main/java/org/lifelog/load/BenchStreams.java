package org.lifelog.load;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.apache.avro.generic.IndexedRecord;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.lifelog.avro.LedgerEntry;
import org.lifelog.contract.Topic;
import org.lifelog.contract.Topics;
import org.lifelog.embedded.EmbeddedKafka;
import org.lifelog.embedded.EmbeddedRegistry;
import org.lifelog.registry.KafkaAvroDeserializer;
import org.lifelog.registry.SchemaRegistryClient;
import org.lifelog.registry.SchemaRegistryConfig;

/**
 * Kafka in this process and a registry, on free ports of loopback, and applications of Kafka Streams in processes of
 * their own, so that their time can be told from that of the rest. All of it in a folder that is deleted at the end.
 */
final class BenchStreams implements AutoCloseable {
    private static final String LOOPBACK = "127.0.0.1";
    private static final int PARTITIONS = 4;
    private static final long STOP_SECONDS = 60;
    private static final long POLL_MILLIS = 50;

    /** What an application has done so far. */
    private record Progress(long readings, long nanos, Duration processorTime) {}

    /**
     * What an application did after it had become warm.
     *
     * @param readings how many it went through
     */
    record Measured(long readings, double seconds, double processorSeconds) {
        double perSecond() {
            return readings / seconds;
        }

        double perCore() {
            return readings / processorSeconds;
        }
    }

    /** An application that runs, by its group. */
    record Application(String id, Process process, Path log) {
        /** Ends it with SIGKILL. */
        void kill() {
            process.destroyForcibly();
            try {
                process.waitFor();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        }
    }

    private final Parts parts = new Parts();
    private final StreamsOptions options;
    private final Consumer<String> messages;
    private final Path folder;
    private final Admin admin;
    private final String kafka;
    private final String registry;

    /**
     * Starts Kafka and the registry, with all topics.
     *
     * @param options of the JVMs of the applications
     * @param messages takes lines for people on what goes on
     */
    BenchStreams(StreamsOptions options, Consumer<String> messages) {
        this.options = options;
        this.messages = messages;
        try {
            folder = Files.createTempDirectory("lifelog-bench-");
            parts.add(() -> Folders.delete(folder));
            kafka = parts.add(EmbeddedKafka.start(folder.resolve("kafka"), LOOPBACK, 0))
                    .bootstrap();
            registry = parts.add(EmbeddedRegistry.start(folder.resolve("registry"), LOOPBACK, 0))
                    .url();
            admin = parts.add(Admin.create(Map.of("bootstrap.servers", kafka)));
            new Topics(admin, new SchemaRegistryClient(registry)).apply(PARTITIONS, (short) 1);
            admin.createTopics(List.of(new NewTopic(PassThrough.TOPIC, PARTITIONS, (short) 1)))
                    .all()
                    .get();
        } catch (IOException | ExecutionException | InterruptedException e) {
            close();
            throw new IllegalStateException("Kafka and registry do not start", e);
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    String kafka() {
        return kafka;
    }

    String registry() {
        return registry;
    }

    /** The folder of the state of an application. */
    Path stateOf(String id) {
        return folder.resolve("state-" + id);
    }

    /**
     * Starts an application.
     *
     * @param id its group
     * @param settings its environment beside addresses and folders
     */
    Application start(String id, Class<?> main, Map<String, String> settings) {
        return start(id, options.command(main), settings);
    }

    /** Starts an application by a command of its own. */
    Application start(String id, List<String> command, Map<String, String> settings) {
        Path log = folder.resolve(id + ".log");
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        Map<String, String> environment = builder.environment();
        environment.keySet().removeIf(variable -> variable.startsWith("LIFELOG_"));
        environment.putAll(settings);
        environment.put("LIFELOG_KAFKA_BOOTSTRAP_SERVERS", kafka);
        environment.put("LIFELOG_SCHEMA_REGISTRY_URL", registry);
        environment.put("LIFELOG_STREAMS_APPLICATION_ID", id);
        environment.put("LIFELOG_STREAMS_STATE_FOLDER", stateOf(id).toString());
        environment.put("LIFELOG_STREAMS_THREADS", Integer.toString(options.threads));
        environment.put("LIFELOG_EXIT_WITH_PARENT", "true");
        try {
            Application application = new Application(id, builder.start(), log);
            parts.add(application::kill);
            return application;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Waits until an application has gone through all readings.
     *
     * @param all how many there are
     * @param warm after how many it is taken to be warm, and measured
     * @return what it did from then on, from one commit to another; or from the beginning, its start included, where there
     *     was one commit only
     * @throws IllegalStateException where it ends before
     */
    Measured untilCaughtUp(Application application, long all, long warm) {
        return untilCaughtUp(application, () -> committed(application.id(), Topic.READINGS), all, warm);
    }

    /**
     * Waits until an application has gone through all readings.
     *
     * @param done tells how many it has gone through
     */
    Measured untilCaughtUp(Application application, LongSupplier done, long all, long warm) {
        ProcessFigures figures = new ProcessFigures(application.process().toHandle());
        Progress beginning = null;
        Progress first = null;
        long told = System.nanoTime();
        while (true) {
            Progress now = new Progress(done.getAsLong(), System.nanoTime(), figures.processorTime());
            beginning = beginning == null ? now : beginning;
            if (first == null && now.readings >= warm) {
                first = now;
            }
            if (now.readings >= all && first == now) {
                messages.accept(application.id() + " was never warm: its start is measured too. Take more readings.");
                return measured(beginning, now);
            }
            if (now.readings >= all) {
                return measured(first, now);
            }
            if (now.nanos - told > TimeUnit.SECONDS.toNanos(5)) {
                told = now.nanos;
                messages.accept(
                        String.format(Locale.ROOT, "%s: %,d of %,d readings", application.id(), now.readings, all));
            }
            awaitChange(application);
        }
    }

    private static Measured measured(Progress from, Progress to) {
        return new Measured(
                to.readings - from.readings,
                (to.nanos - from.nanos) / 1e9,
                to.processorTime.minus(from.processorTime).toMillis() / 1e3);
    }

    private void awaitChange(Application application) {
        try {
            if (application.process().waitFor(POLL_MILLIS, TimeUnit.MILLISECONDS)) {
                throw new IllegalStateException(
                        application.id() + " has ended:\n" + Files.readString(application.log()));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** How many records of a topic an application has committed. */
    long committed(String id, Topic topic) {
        try {
            return admin.listConsumerGroupOffsets(id).partitionsToOffsetAndMetadata().get().entrySet().stream()
                    .filter(entry -> entry.getKey().topic().equals(topic.topicName()) && entry.getValue() != null)
                    .mapToLong(entry -> entry.getValue().offset())
                    .sum();
        } catch (ExecutionException e) {
            return 0; // The group is not there yet.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Stops an application in order. */
    static void stop(Application application) {
        application.process().destroy();
        try {
            if (!application.process().waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
                throw new IllegalStateException(application.id() + " does not stop");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Gives all committed records of a topic to somebody. */
    void read(String topic, Consumer<ConsumerRecord<String, byte[]>> taker) {
        Properties properties = new Properties();
        properties.put("bootstrap.servers", kafka);
        properties.put("isolation.level", "read_committed");
        try (KafkaConsumer<String, byte[]> consumer =
                new KafkaConsumer<>(properties, new StringDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(info -> new TopicPartition(info.topic(), info.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = new HashMap<>(consumer.endOffsets(partitions));
            while (partitions.stream().anyMatch(one -> consumer.position(one) < ends.get(one))) {
                consumer.poll(Duration.ofMillis(100)).forEach(taker);
            }
        }
    }

    /** Gives all committed values of a topic to somebody. */
    void readValues(Topic topic, Consumer<IndexedRecord> taker) {
        KafkaAvroDeserializer deserializer = new KafkaAvroDeserializer();
        deserializer.configure(
                Map.of(SchemaRegistryConfig.URL, registry, SchemaRegistryConfig.SPECIFIC_READER, true), false);
        read(topic.topicName(), record -> taker.accept(deserializer.deserialize(topic.topicName(), record.value())));
    }

    /** How many readings the ledger has as valid. */
    long validReadings() {
        Map<Integer, Long> valid = new HashMap<>();
        readValues(Topic.LEDGER, value -> {
            LedgerEntry entry = (LedgerEntry) value;
            valid.put(entry.getPartition(), entry.getValid());
        });
        return valid.values().stream().mapToLong(Long::longValue).sum();
    }

    @Override
    public void close() {
        parts.close();
    }
}
