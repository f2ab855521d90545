package org.lifelog.local;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ./lifelog send}. */
@Command(
        name = "send",
        sortOptions = false,
        description =
                "Sends a file of readings to the gateway: CSV with a header, JSON or NDJSON. What is not acknowledged"
                        + " is sent again. Exit status 1 where readings were refused.")
final class SendCommand implements Callable<Integer> {
    private static final int MOST_SHOWN = 10;

    /** Protocols of the gateway. */
    enum Protocol {
        HTTP,
        MQTT
    }

    @Parameters(paramLabel = "FILE", description = "File that ends in .csv, .json, .ndjson or .jsonl.")
    private Path file;

    @Option(names = "--center", required = true, description = "Code of the center, such as isens.")
    private String center;

    @Option(names = "--protocol", defaultValue = "http", description = "http or mqtt. Default: ${DEFAULT-VALUE}")
    private Protocol protocol;

    @Option(names = "--metric", description = "Metric of every row, such as glucose_cgm.")
    private String metric;

    @Option(names = "--unit", description = "UCUM unit of every row, such as mg/dL.")
    private String unit;

    @Option(
            names = "--device",
            description = "Device of every row. Default: the device column, or the name of the file.")
    private String device;

    @Option(names = "--subject", description = "Subject of every row. Default: the column subject, patient or id.")
    private String subject;

    @Option(names = "--time-column", description = "Column of the time. Default: time, time_utc, timestamp, ...")
    private String timeColumn;

    @Option(names = "--value-column", description = "Column of the value. Default: value, gl or glucose")
    private String valueColumn;

    @Option(names = "--subject-column", description = "Column of the subject.")
    private String subjectColumn;

    @Option(names = "--device-column", description = "Column of the device.")
    private String deviceColumn;

    @Option(names = "--metric-column", description = "Column of the metric.")
    private String metricColumn;

    @Option(names = "--unit-column", description = "Column of the unit.")
    private String unitColumn;

    @Option(names = "--zone", description = "Time zone of times that have no offset, such as Asia/Seoul.")
    private ZoneId zone;

    @Option(
            names = "--batch",
            defaultValue = "500",
            description = "Readings in one request or message, 1 to 5000. Default: ${DEFAULT-VALUE}")
    private int batch;

    @Option(
            names = "--data",
            paramLabel = "FOLDER",
            defaultValue = "${env:LIFELOG_DATA:-.lifelog}",
            description = "Data folder of the running service, for addresses and passwords. Default: ${DEFAULT-VALUE}")
    private Path data;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    private boolean help;

    @Override
    public Integer call() throws InterruptedException {
        if (batch < 1 || batch > 5_000) {
            throw new UsageException("--batch is from 1 to 5000.");
        }
        if (!Files.isReadable(file)) {
            throw new UserException("There is no file " + file + " that can be read.");
        }
        ServiceCredentials credentials = ServiceCredentials.read(data);
        ServiceCredentials.Account account = Optional.ofNullable(
                        credentials.gateway().centers().get(center))
                .orElseThrow(() -> new UsageException("There is no center " + center + ". Centers: "
                        + String.join(", ", credentials.gateway().centers().keySet())));
        List<Outgoing> readings = ReadingFile.read(file, layout());
        try (ReadingSender sender = protocol == Protocol.HTTP
                ? new HttpSender(credentials.gateway().http(), center, account)
                : new MqttSender(credentials.gateway().mqtt(), center, account)) {
            return send(readings, sender);
        }
    }

    private ReadingFile.Layout layout() {
        Map<String, String> columns = new HashMap<>();
        Map<String, String> constants = new HashMap<>();
        put(columns, "time", timeColumn);
        put(columns, "value", valueColumn);
        put(columns, "subject", subjectColumn);
        put(columns, "device", deviceColumn);
        put(columns, "metric", metricColumn);
        put(columns, "unit", unitColumn);
        put(constants, "metric", metric);
        put(constants, "unit", unit);
        put(constants, "device", device);
        put(constants, "subject", subject);
        if (device == null && deviceColumn == null && file.toString().endsWith(".csv")) {
            String name = file.getFileName().toString();
            constants.put("device", name.substring(0, name.lastIndexOf('.')).replaceAll("[^A-Za-z0-9._-]", "-"));
        }
        return new ReadingFile.Layout(columns, constants, Optional.ofNullable(zone));
    }

    private static void put(Map<String, String> to, String field, String value) {
        if (value != null) {
            to.put(field, value);
        }
    }

    private int send(List<Outgoing> readings, ReadingSender sender) throws InterruptedException {
        long accepted = 0;
        List<ReadingSender.Problem> problems = new ArrayList<>();
        try (ProgressBar bar = progressBar("sending", readings.size())) {
            for (int from = 0; from < readings.size(); from += batch) {
                List<Outgoing> part = readings.subList(from, Math.min(from + batch, readings.size()));
                ReadingSender.Outcome outcome = sender.send(part);
                accepted += outcome.accepted();
                problems.addAll(outcome.problems());
                bar.stepBy(part.size());
            }
        }
        System.out.println(readings.size() + " readings sent, " + accepted
                + (protocol == Protocol.HTTP ? " accepted, " + problems.size() + " refused" : " acknowledged"));
        Map<String, Integer> byCode = new TreeMap<>();
        problems.forEach(problem -> byCode.merge(problem.code(), 1, Integer::sum));
        byCode.forEach((code, count) -> System.out.println("  " + code + ": " + count));
        problems.stream()
                .limit(MOST_SHOWN)
                .forEach(problem -> System.out.println("  " + file + ":"
                        + problem.reading().line() + ": " + problem.code() + ": " + problem.detail()));
        if (problems.size() > MOST_SHOWN) {
            System.out.println("  ... and " + (problems.size() - MOST_SHOWN) + " more");
        }
        return problems.isEmpty() ? 0 : 1;
    }

    static ProgressBar progressBar(String task, long total) {
        return new ProgressBarBuilder()
                .setTaskName(task)
                .setInitialMax(total)
                .setUpdateIntervalMillis(System.console() == null ? 5_000 : 200)
                .setStyle(ProgressBarStyle.ASCII)
                .build();
    }
}
