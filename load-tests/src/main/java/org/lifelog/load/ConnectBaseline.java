package org.lifelog.load;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import org.lifelog.contract.Topic;

/** Kafka Connect in a process of its own, with the JDBC sink of Debezium between the topic of valid readings and the table. */
final class ConnectBaseline {
    private static final String CONNECTOR = "debezium";
    /** By its name, because what it implements is on the class path of Kafka Connect only. */
    private static final String CONVERTER = "org.lifelog.load.ReadingConverter";
    /** The group of the connector's consumers, by which it tells how far it is. */
    static final String GROUP = "connect-" + CONNECTOR;

    /** Records of one statement; the default of 500 is slower. */
    private static final String BATCH = "5000";

    private final BenchStreams streams;
    private final BenchDatabase database;
    private final StreamsOptions options;
    private final int connections;

    ConnectBaseline(BenchStreams streams, BenchDatabase database, StreamsOptions options, int connections) {
        this.streams = streams;
        this.database = database;
        this.options = options;
        this.connections = connections;
    }

    /**
     * Starts it.
     *
     * @throws IllegalStateException where its libraries are not there
     */
    BenchStreams.Application start() {
        Path home = Path.of(System.getProperty("lifelog.connect.home", "load-tests/target/connect"));
        if (!Files.isDirectory(home)) {
            throw new IllegalStateException(
                    "Kafka Connect is not in " + home
                            + ". Get it by: mvn -B -f load-tests/connect/pom.xml package; or leave it out by --without-connect.");
        }
        String classPath = home + File.separator + "*" + File.pathSeparator + System.getProperty("java.class.path");
        Path folder = streams.stateOf(CONNECTOR);
        try {
            Files.createDirectories(folder);
            Path worker = write(folder.resolve("worker.properties"), worker(folder));
            Path connector = write(folder.resolve("connector.properties"), connector());
            return streams.start(
                    GROUP,
                    options.command(
                            "org.apache.kafka.connect.cli.ConnectStandalone",
                            classPath,
                            worker.toString(),
                            connector.toString()),
                    Map.of());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Map<String, String> worker(Path folder) {
        return Map.of(
                "bootstrap.servers", streams.kafka(),
                "key.converter", "org.apache.kafka.connect.storage.StringConverter",
                "value.converter", "org.apache.kafka.connect.storage.StringConverter",
                "offset.storage.file.filename", folder.resolve("offsets").toString(),
                "offset.flush.interval.ms", "500",
                "listeners", "http://127.0.0.1:0",
                "plugin.discovery", "hybrid_warn",
                "consumer.max.poll.records", BATCH);
    }

    private Map<String, String> connector() {
        Map<String, String> settings = new HashMap<>(Map.of(
                "name",
                CONNECTOR,
                "connector.class",
                "io.debezium.connector.jdbc.JdbcSinkConnector",
                "tasks.max",
                Integer.toString(connections),
                "topics",
                Topic.VALID.topicName(),
                "connection.url",
                database.url() + "?reWriteBatchedInserts=true",
                "connection.username",
                database.username(),
                "connection.password",
                database.password(),
                "collection.name.format",
                "reading",
                "schema.evolution",
                "none",
                "batch.size",
                BATCH));
        settings.putAll(Map.of(
                "insert.mode",
                "upsert",
                "primary.key.mode",
                "record_value",
                "primary.key.fields",
                "series_id,time,device_id,sequence",
                "value.converter",
                CONVERTER,
                "value.converter.schema.registry.url",
                streams.registry(),
                "value.converter.specific.avro.reader",
                "true",
                "value.converter.database.url",
                database.url(),
                "value.converter.database.username",
                database.username(),
                "value.converter.database.password",
                database.password()));
        return settings;
    }

    private static Path write(Path file, Map<String, String> settings) throws IOException {
        Properties properties = new Properties();
        properties.putAll(settings);
        try (Writer writer = Files.newBufferedWriter(file)) {
            properties.store(writer, null);
        }
        return file;
    }
}
