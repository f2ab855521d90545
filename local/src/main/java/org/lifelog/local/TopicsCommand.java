package org.lifelog.local;

import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code ./lifelog topics}. */
@Command(
        name = "topics",
        sortOptions = false,
        description =
                "Creates or updates the topics and registers their schemas. Changes nothing where all is in place.")
final class TopicsCommand implements Runnable {
    @Option(
            names = "--kafka",
            paramLabel = "HOST:PORT",
            defaultValue = "${env:LIFELOG_KAFKA}",
            description = "Kafka (LIFELOG_KAFKA). Default: that of the running service")
    private String kafka;

    @Option(
            names = "--registry",
            paramLabel = "URL",
            defaultValue = "${env:LIFELOG_REGISTRY}",
            description = "Schema registry (LIFELOG_REGISTRY). Default: that of the running service")
    private String registry;

    @Option(
            names = "--partitions",
            defaultValue = "${env:LIFELOG_PARTITIONS:-4}",
            description =
                    "Partitions of each topic; cannot be changed later (LIFELOG_PARTITIONS). Default: ${DEFAULT-VALUE}")
    private int partitions;

    @Option(
            names = "--replication",
            defaultValue = "-1",
            description = "Replicas of each partition; -1 leaves it to the broker. Default: ${DEFAULT-VALUE}")
    private short replication;

    @Option(
            names = "--data",
            paramLabel = "FOLDER",
            defaultValue = "${env:LIFELOG_DATA:-.lifelog}",
            description = "Data folder of the running service. Default: ${DEFAULT-VALUE}")
    private Path data;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    private boolean help;

    @Override
    public void run() {
        String brokers = kafka != null ? kafka : ServiceCredentials.read(data).kafka();
        String schemas =
                registry != null ? registry : ServiceCredentials.read(data).registry();
        List<String> done = Platform.applyTopics(brokers, schemas, partitions, replication);
        done.forEach(System.out::println);
        System.out.println(done.isEmpty() ? "all topics and schemas are in place" : done.size() + " changes");
    }
}
