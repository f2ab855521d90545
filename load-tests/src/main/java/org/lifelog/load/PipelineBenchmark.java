package org.lifelog.load;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.lifelog.local.HttpSender;
import org.lifelog.local.LedgerBalance;
import org.lifelog.local.Outgoing;
import org.lifelog.local.ReadingSender;
import org.lifelog.local.ServiceCredentials;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Readings from one sender over HTTP into the database: how fast they are acknowledged, and how fast they are stored. It
 * is closed-loop (one batch after the other), so the latencies are those of an unhurried sender.
 */
@Command(
        name = "pipeline",
        sortOptions = false,
        description = "Sends glucose readings over HTTP, one batch after the other, and waits until all are stored.")
final class PipelineBenchmark implements Callable<Integer> {
    private static final String CENTER = "isens";
    private static final int READINGS_PER_SUBJECT = 2_000;
    private static final Duration STORE_TIMEOUT = Duration.ofMinutes(10);

    @Option(names = "--readings", defaultValue = "50000", description = "Number of readings. Default: ${DEFAULT-VALUE}")
    private int readings;

    @Option(names = "--batch", defaultValue = "500", description = "Readings per request. Default: ${DEFAULT-VALUE}")
    private int batch;

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
    public Integer call() throws Exception {
        ServiceCredentials credentials = ServiceCredentials.read(data);
        List<Outgoing> all = generate();
        LedgerBalance before = LedgerBalance.take(credentials);
        long storedBefore = before.rows().get(CENTER).stored();
        Histogram latencies = new Histogram(3);
        long start = System.nanoTime();
        try (ReadingSender sender = new HttpSender(
                credentials.gateway().http(),
                CENTER,
                credentials.gateway().centers().get(CENTER))) {
            for (int i = 0; i < all.size(); i += batch) {
                long sent = System.nanoTime();
                sender.send(all.subList(i, Math.min(i + batch, all.size())));
                latencies.recordValue((System.nanoTime() - sent) / 1_000);
            }
        }
        double acknowledgedSeconds = seconds(start);
        while (LedgerBalance.take(credentials).rows().get(CENTER).stored() < storedBefore + all.size()) {
            if (seconds(start) > STORE_TIMEOUT.toSeconds()) {
                throw new IllegalStateException("not all readings were stored within " + STORE_TIMEOUT);
            }
            TimeUnit.MILLISECONDS.sleep(100);
        }
        print(latencies, acknowledgedSeconds, seconds(start));
        return 0;
    }

    /** Five-minute glucose of as many new subjects as it takes. */
    private List<Outgoing> generate() {
        ObjectMapper json = new ObjectMapper();
        String run = UUID.randomUUID().toString().substring(0, 8);
        Instant first = Instant.now().minus(Duration.ofMinutes(5L * READINGS_PER_SUBJECT));
        List<Outgoing> all = new ArrayList<>(readings);
        for (int i = 0; i < readings; i++) {
            int subject = i / READINGS_PER_SUBJECT;
            int n = i % READINGS_PER_SUBJECT;
            ObjectNode reading = json.createObjectNode()
                    .put("subject", "bench-" + run + "-" + subject)
                    .put("device", "bench-" + subject)
                    .put("metric", "glucose_cgm")
                    .put("value", 90 + (n * 37) % 120)
                    .put("unit", "mg/dL")
                    .put("time", first.plus(Duration.ofMinutes(5L * n)).toString());
            all.add(new Outgoing(0, reading));
        }
        return all;
    }

    private static double seconds(long sinceNanos) {
        return (System.nanoTime() - sinceNanos) / 1e9;
    }

    private void print(Histogram latencies, double acknowledgedSeconds, double storedSeconds) {
        String format = "%-34s %12.0f%n";
        System.out.printf(Locale.ROOT, format, "readings", (double) readings);
        System.out.printf(Locale.ROOT, format, "acknowledged, readings/s", readings / acknowledgedSeconds);
        System.out.printf(Locale.ROOT, format, "stored, readings/s", readings / storedSeconds);
        System.out.printf(
                Locale.ROOT, format, "batch acknowledged, p50, us", (double) latencies.getValueAtPercentile(50));
        System.out.printf(
                Locale.ROOT, format, "batch acknowledged, p99, us", (double) latencies.getValueAtPercentile(99));
        System.out.printf(
                Locale.ROOT,
                "{\"bench\": \"pipeline\", \"readings\": %d, \"batch\": %d, \"acknowledgedPerSecond\": %.0f,"
                        + " \"storedPerSecond\": %.0f, \"batchP50Micros\": %d, \"batchP99Micros\": %d}%n",
                readings,
                batch,
                readings / acknowledgedSeconds,
                readings / storedSeconds,
                latencies.getValueAtPercentile(50),
                latencies.getValueAtPercentile(99));
    }
}
