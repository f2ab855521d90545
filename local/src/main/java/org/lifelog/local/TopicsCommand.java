package org.lifelog.local;

import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import org.lifelog.contract.Catalogue;
import org.lifelog.contract.CatalogueException;
import org.lifelog.contract.Centers;
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
            names = "--centers",
            paramLabel = "FILE",
            defaultValue = "${env:LIFELOG_CENTERS}",
            description = "Centers that have research topics (LIFELOG_CENTERS). Default: those built in")
    private Path centers;

    @Option(
            names = "--catalogue",
            paramLabel = "FOLDER",
            defaultValue = "${env:LIFELOG_CATALOGUE}",
            description = "Metrics and units that the centers name (LIFELOG_CATALOGUE). Default: those built in")
    private Path catalogue;

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
        List<String> done = Platform.applyTopics(brokers, schemas, partitions, replication, centers());
        done.forEach(System.out::println);
        System.out.println(done.isEmpty() ? "all topics and schemas are in place" : done.size() + " changes");
    }

    private Centers centers() {
        try {
            Catalogue known = catalogue == null ? Catalogue.load() : Catalogue.load(catalogue);
            return centers == null ? Centers.load(known) : Centers.load(centers, known);
        } catch (CatalogueException | UncheckedIOException e) {
            throw new UserException(e.getMessage(), e);
        }
    }
}
