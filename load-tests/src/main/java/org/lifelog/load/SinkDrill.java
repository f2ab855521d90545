package org.lifelog.load;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.kafka.clients.admin.Admin;
import org.lifelog.contract.Topics;
import org.lifelog.embedded.EmbeddedKafka;
import org.lifelog.embedded.EmbeddedRegistry;
import org.lifelog.registry.SchemaRegistryClient;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The sink under load while its database, and it itself, go away in every way. */
@Command(
        name = "sink-drill",
        sortOptions = false,
        description = {
            "Sends valid readings at a steady rate while the database is killed, paused and out of disk, the sink is killed in"
                    + " the middle of batches, and a second sink comes and goes. Then it compares what was sent with what is"
                    + " stored, one by one.",
            "It starts Kafka, a schema registry, a database and the sinks; nothing has to be up. Ends with 1 where a reading"
                    + " is lost, doubled or changed, or the ledger of the sink does not close."
        })
final class SinkDrill implements Callable<Integer> {
    private static final String LOOPBACK = "127.0.0.1";
    private static final int PARTITIONS = 4;

    @Option(
            names = "--readings-per-second",
            defaultValue = "2000",
            description = "Rate of the readings. Default: ${DEFAULT-VALUE}")
    int perSecond;

    @Option(
            names = "--kills",
            defaultValue = "3",
            description = "How often database and sink are killed with SIGKILL each. Default: ${DEFAULT-VALUE}")
    int kills;

    @Option(
            names = "--pause",
            paramLabel = "SECONDS",
            defaultValue = "30",
            description = "How long the database is stopped with SIGSTOP. Default: ${DEFAULT-VALUE}")
    int pause;

    @Option(
            names = "--disk",
            paramLabel = "MIB",
            defaultValue = "1024",
            description = "Size of the disk in memory that is filled; only root may make one. 0 leaves it out. Default:"
                    + " ${DEFAULT-VALUE}")
    int disk;

    @Option(
            names = "--calm",
            paramLabel = "SECONDS",
            defaultValue = "5",
            description = "How long all is well before each fault. Default: ${DEFAULT-VALUE}")
    int calm;

    @Option(
            names = "--rebalance",
            paramLabel = "SECONDS",
            defaultValue = "20",
            description = "How long a second sink is there, and how long it is looked at afterwards. Default:"
                    + " ${DEFAULT-VALUE}")
    int rebalance;

    @Option(
            names = "--image",
            defaultValue = "",
            description =
                    "Image of TimescaleDB, to have the database in a container of Docker on this machine instead of the"
                            + " embedded PostgreSQL.")
    String image;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    private boolean help;

    @CommandLine.Spec
    CommandLine.Model.CommandSpec spec;

    @Override
    public Integer call() {
        run().print(spec.commandLine().getOut());
        return 0;
    }

    /**
     * Runs it.
     *
     * @throws IllegalStateException where something is lost, doubled or changed
     */
    Figures run() {
        try (Parts parts = new Parts()) {
            Path folder = Files.createTempDirectory("lifelog-sink-drill-");
            parts.add(() -> Folders.delete(folder));
            String kafka = parts.add(EmbeddedKafka.start(folder.resolve("kafka"), LOOPBACK, 0))
                    .bootstrap();
            String registry = parts.add(EmbeddedRegistry.start(folder.resolve("registry"), LOOPBACK, 0))
                    .url();
            try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka))) {
                new Topics(admin, new SchemaRegistryClient(registry)).apply(PARTITIONS, (short) 1);
            }
            Path data = Files.createDirectory(folder.resolve("database"));
            Optional<SmallDisk> smallDisk =
                    disk == 0 ? Optional.empty() : Optional.of(parts.add(new SmallDisk(data, disk)));
            DrillDatabase database = parts.add(DrillDatabase.start(data, image));
            DrillSink sink = parts.add(new DrillSink(folder.resolve("sink.log"), kafka, registry, database));
            DrillSink second = parts.add(new DrillSink(folder.resolve("second.log"), kafka, registry, database));
            SinkFaults faults = new SinkFaults(database, sink, new SinkProgress(database), this::tell);
            sink.start();
            DrillGround.await("the sink", () -> sink.readiness().contains("\"UP\""));
            try (SinkLoad load = new SinkLoad(StreamsBacklog.producer(kafka, registry), perSecond)) {
                faults.killDatabase(kills, calm);
                faults.pauseDatabase(pause, calm);
                if (smallDisk.isPresent()) {
                    faults.fillDisk(smallDisk.get(), calm);
                }
                faults.killSink(kills, calm);
                faults.joinAndLeave(second, calm, Duration.ofSeconds(rebalance));
                load.stop();
                return figures(load, faults, database, sink.retries() + second.retries());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private void tell(String message) {
        spec.commandLine().getErr().println(message);
        spec.commandLine().getErr().flush();
    }

    private Figures figures(SinkLoad load, SinkFaults faults, DrillDatabase database, long retries)
            throws SQLException, InterruptedException {
        faults.awaitWritten(load.sent());
        SinkLoad.Found found = load.compare(database);
        Figures figures = new Figures("sink-drill")
                .add("perSecond", "readings/s", perSecond, 0)
                .add("sent", "readings sent", load.sent(), 0)
                .add("stored", "stored once, with the value that was sent", found.stored(), 0)
                .add("refused", "refused by the database and in quarantine, as they must", found.refused(), 0)
                .add("retries", "tries in vain that could be counted", retries, 0);
        faults.seconds().forEach((fault, seconds) -> figures.add(fault.key(), fault.label(), seconds, 1));
        if (found.stored() + found.refused() != load.sent()
                || found.refused() != load.toBeRefused()
                || found.foreign() != 0
                || found.alreadyStored() != 0) {
            throw new IllegalStateException(String.format(
                    Locale.ROOT,
                    "Of %,d readings %,d are stored and %,d are in quarantine, which must be %,d; %,d rows were never sent"
                            + " so; %,d were written twice",
                    load.sent(),
                    found.stored(),
                    found.refused(),
                    load.toBeRefused(),
                    found.foreign(),
                    found.alreadyStored()));
        }
        return figures;
    }
}
