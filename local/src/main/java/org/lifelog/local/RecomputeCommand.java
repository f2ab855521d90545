package org.lifelog.local;

import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.LocalDate;
import me.tongfei.progressbar.ProgressBar;
import org.lifelog.contract.Catalogue;
import org.lifelog.contract.CatalogueException;
import org.lifelog.contract.Center;
import org.lifelog.contract.Centers;
import org.lifelog.sink.Recomputation;
import org.postgresql.ds.PGSimpleDataSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code ./lifelog recompute}. */
@Command(
        name = "recompute",
        sortOptions = false,
        description =
                "Computes the stored windows (1m, 1h, 1d) of a center anew from its stored readings, while the service"
                        + " runs. For when windows were lost or changed by hand, or the catalogue's bands have changed.")
final class RecomputeCommand implements Runnable {
    @Option(names = "--center", required = true, description = "Code of the center, such as isens.")
    private String code;

    @Option(names = "--from", required = true, description = "First day in the center's zone, such as 2026-11-01.")
    private LocalDate from;

    @Option(names = "--to", description = "Last day. Default: today")
    private LocalDate to;

    @Option(
            names = "--wait",
            defaultValue = "PT1M",
            description = "How long to wait for readings that are on their way (ISO 8601). Default: ${DEFAULT-VALUE}")
    private Duration wait;

    @Option(
            names = "--kafka",
            paramLabel = "HOST:PORT",
            defaultValue = "${env:LIFELOG_KAFKA}",
            description = "Kafka (LIFELOG_KAFKA). Default: that of the running service")
    private String kafka;

    @Option(
            names = "--database",
            paramLabel = "JDBC-URL",
            defaultValue = "${env:LIFELOG_DATABASE}",
            description =
                    "Database (LIFELOG_DATABASE), as the owner of the tables; user and password may stand in the URL as"
                            + " ?user=...&password=.... Default: that of the running service")
    private String database;

    @Option(
            names = "--centers",
            paramLabel = "FILE",
            defaultValue = "${env:LIFELOG_CENTERS}",
            description = "Centers, with their zones (LIFELOG_CENTERS). Default: those built in")
    private Path centers;

    @Option(
            names = "--catalogue",
            paramLabel = "FOLDER",
            defaultValue = "${env:LIFELOG_CATALOGUE}",
            description = "Metrics, with their bands (LIFELOG_CATALOGUE). Default: those built in")
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

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    @Override
    public void run() {
        Catalogue metrics;
        Centers known;
        try {
            metrics = catalogue == null ? Catalogue.load() : Catalogue.load(catalogue);
            known = centers == null ? Centers.load(metrics) : Centers.load(centers, metrics);
        } catch (CatalogueException | UncheckedIOException e) {
            throw new UserException(e.getMessage(), e);
        }
        Center center = known.center(code)
                .orElseThrow(() -> new UsageException("There is no center " + code + ". There are "
                        + String.join(
                                ", ", known.all().stream().map(Center::code).toList()) + "."));
        LocalDate last = to == null ? LocalDate.now(center.zone()) : to;
        if (last.isBefore(from)) {
            throw new UsageException("--to " + last + " lies before --from " + from + ".");
        }
        ServiceCredentials.Database where = database != null
                ? DatabaseUrl.parse(database)
                : ServiceCredentials.read(data).database();
        String brokers = kafka != null ? kafka : ServiceCredentials.read(data).kafka();
        recompute(new Recomputation(source(where), metrics, known), last, where, brokers);
    }

    private void recompute(
            Recomputation recomputation, LocalDate last, ServiceCredentials.Database where, String brokers) {
        try {
            Recomputation.Result result;
            try (StoredBarrier barrier = new StoredBarrier(brokers, where, wait);
                    ProgressBar bar = SendCommand.progressBar("computing", 0)) {
                result = recomputation.run(code, from, last, barrier, (done, all) -> {
                    bar.maxHint(all);
                    bar.stepTo(done);
                });
            }
            spec.commandLine()
                    .getOut()
                    .printf(
                            "%,d windows computed: %,d were missing or different, %,d had no reading and were removed,"
                                    + " %,d are left to the streams%n",
                            result.computed(), result.changed(), result.removed(), result.left());
        } catch (IllegalArgumentException e) {
            throw new UserException(e.getMessage(), e);
        } catch (SQLException e) {
            throw new UserException(
                    "The database refuses or is away (SQLSTATE " + e.getSQLState() + "): " + e.getMessage()
                            + " What was computed stays; run it again.",
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UserException("interrupted; what was computed stays", e);
        }
    }

    private static PGSimpleDataSource source(ServiceCredentials.Database where) {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setUrl(where.url());
        source.setUser(where.username());
        source.setPassword(where.password());
        return source;
    }
}
