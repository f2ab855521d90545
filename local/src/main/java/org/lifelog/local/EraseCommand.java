package org.lifelog.local;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.lifelog.contract.SubjectKey;
import org.lifelog.contract.Topic;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * {@code ./lifelog erase}. The subject's key without a value goes the way of its readings, so that what was acknowledged
 * before it is erased wherever it is by then: the streams forget their state, the sink deletes rows, and subscribers are
 * told.
 */
@Command(
        name = "erase",
        sortOptions = false,
        description =
                "Erases a subject: readings, aggregates, quarantined readings and the names of its series, and what the"
                        + " streams remember. A line in the audit stays. Look with --dry-run first: it cannot be undone.",
        footer = {
            "",
            "Its devices may go on sending: hand them over or take the assignments back first. Records that are in Kafka"
                    + " already go when their topics' retention ends: after 7 days, quarantined and research ones after 30."
        })
final class EraseCommand implements Runnable {
    private static final String OF_SERIES = " JOIN series USING (series_id) WHERE center = ? AND subject = ?";
    private static final String OF_SUBJECT = " WHERE center = ? AND subject = ?";
    private static final Map<String, String> TABLES = new LinkedHashMap<>();

    static {
        TABLES.put("series", OF_SUBJECT);
        TABLES.put("reading", OF_SERIES);
        TABLES.put("aggregate_1m", OF_SERIES);
        TABLES.put("aggregate_1h", OF_SERIES);
        TABLES.put("aggregate_1d", OF_SERIES);
        TABLES.put("quarantined", OF_SUBJECT);
    }

    @Option(names = "--center", required = true, description = "Code of the center, such as isens.")
    private String center;

    @Option(names = "--subject", required = true, description = "Code of the subject.")
    private String subject;

    @Option(names = "--reason", description = "Why; stands in the audit. Needed but for --dry-run.")
    private String reason;

    @Option(names = "--dry-run", description = "Only print what there is.")
    private boolean dryRun;

    @Option(names = "--yes", description = "Erase. Without it nothing is done.")
    private boolean yes;

    @Option(
            names = "--wait",
            defaultValue = "PT1M",
            description = "How long to wait until all is gone (ISO 8601). Default: ${DEFAULT-VALUE}")
    private Duration wait;

    @Option(
            names = "--user",
            defaultValue = "${sys:user.name}",
            description = "Who erases; the audit names the user of the system too. Default: that user")
    private String user;

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
            description = "Database (LIFELOG_DATABASE); user and password may stand in the URL as"
                    + " ?user=...&password=.... Default: that of the running service")
    private String database;

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
        check();
        PrintWriter out = spec.commandLine().getOut();
        Map<String, Long> rows = count();
        rows.forEach((table, count) -> out.printf("%-14s %,12d%n", table, count));
        if (rows.values().stream().allMatch(count -> count == 0)) {
            throw new UserException("The database has nothing of that subject in center " + center + ".");
        }
        if (dryRun) {
            out.println("Nothing was erased: --dry-run.");
            return;
        }
        new AuditLine(
                        user,
                        center,
                        subject,
                        "erase",
                        "system user " + System.getProperty("user.name") + "; reason: " + reason)
                .write(database());
        send();
        awaitGone();
        out.println("erased");
    }

    private void check() {
        if (subject.isBlank() || SubjectKey.isUnassigned(subject)) {
            throw new UsageException("--subject is the code of a subject.");
        }
        if (!center.matches("[a-z0-9-]+")) {
            throw new UsageException("--center is the code of a center, such as isens.");
        }
        if (dryRun) {
            return;
        }
        if (!yes) {
            throw new UsageException("It cannot be undone. Look with --dry-run, then say --yes.");
        }
        if (reason == null || reason.isBlank()) {
            throw new UsageException("--reason says why the subject is erased.");
        }
        // A system without an entry for the user, such as a container, has a question mark for its name.
        if (user.isBlank() || user.equals("?")) {
            throw new UsageException("--user says who erases; the system does not know.");
        }
    }

    private Map<String, Long> count() {
        ServiceCredentials.Database where = database();
        Map<String, Long> rows = new LinkedHashMap<>();
        try (Connection connection = DriverManager.getConnection(where.url(), where.username(), where.password())) {
            for (Map.Entry<String, String> table : TABLES.entrySet()) {
                try (PreparedStatement statement =
                        connection.prepareStatement("SELECT count(*) FROM " + table.getKey() + table.getValue())) {
                    statement.setString(1, center);
                    statement.setString(2, subject);
                    try (ResultSet result = statement.executeQuery()) {
                        result.next();
                        rows.put(table.getKey(), result.getLong(1));
                    }
                }
            }
            return rows;
        } catch (SQLException e) {
            throw new UserException("The database does not answer as it should: SQLSTATE " + e.getSQLState() + ".", e);
        }
    }

    private void send() {
        String brokers = kafka != null ? kafka : ServiceCredentials.read(data).kafka();
        Map<String, Object> settings = Map.of(
                ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, brokers,
                ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 30_000,
                ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 10_000,
                ProducerConfig.MAX_BLOCK_MS_CONFIG, 30_000);
        try (KafkaProducer<String, byte[]> producer =
                new KafkaProducer<>(settings, new StringSerializer(), new ByteArraySerializer())) {
            String key = SubjectKey.of(center, subject).toString();
            producer.send(new ProducerRecord<>(Topic.READINGS.topicName(), key, null))
                    .get();
        } catch (ExecutionException e) {
            throw new UserException(
                    "Kafka at " + brokers + " did not take the order, so nothing was erased: "
                            + e.getCause().getMessage(),
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UserException("interrupted", e);
        }
    }

    private void awaitGone() {
        long deadline = System.nanoTime() + wait.toNanos();
        Map<String, Long> rows = count();
        while (rows.values().stream().anyMatch(count -> count > 0)) {
            if (System.nanoTime() > deadline) {
                throw new UserException("The order stands in Kafka, and after " + wait + " there are still "
                        + rows.values().stream().mapToLong(Long::longValue).sum()
                        + " rows. Look with --dry-run later: streams or sink are behind or down, or a device goes on"
                        + " sending.");
            }
            try {
                TimeUnit.MILLISECONDS.sleep(200);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new UserException("interrupted; the order stands in Kafka", e);
            }
            rows = count();
        }
    }

    private ServiceCredentials.Database database() {
        return database != null
                ? DatabaseUrl.parse(database)
                : ServiceCredentials.read(data).database();
    }
}
