package org.lifelog.load;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.HdrHistogram.Histogram;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The command of {@link OutageDrill}: prints what came out, and whether the promises for an outage were kept. */
@Command(
        name = "gateway-outage",
        sortOptions = false,
        description = {
            "Takes Kafka away from a gateway under load, kills the gateway, and counts one by one whether anything that was"
                    + " acknowledged is lost.",
            "It starts Kafka, a schema registry and a gateway of its own; nothing has to be up. Ends with 1 where a"
                    + " promise is broken."
        })
final class GatewayOutage implements Callable<Integer> {
    private static final long ANSWER_MICROS = 3_000_000;
    private static final long OPEN_ANSWER_MICROS = 50_000;
    private static final long NOT_READY_MILLIS = 5_000;
    private static final long READY_AGAIN_MILLIS = 10_000;
    private static final double PERCENTILE = 99;

    @Option(
            names = "--outage",
            paramLabel = "SECONDS",
            defaultValue = "60",
            description = "How long Kafka is away each time. Default: ${DEFAULT-VALUE}")
    private int outage;

    @Option(
            names = "--ways",
            split = ",",
            defaultValue = "PAUSE,KILL",
            description =
                    "How Kafka goes away, one after the other: PAUSE (SIGSTOP) or KILL (SIGKILL, and a start on the"
                            + " same data). Default: ${DEFAULT-VALUE}")
    private List<OutageDrill.Way> ways = new ArrayList<>();

    @Option(
            names = "--gateway-kills",
            defaultValue = "2",
            description = "How often the gateway is killed with SIGKILL and started anew. Default: ${DEFAULT-VALUE}")
    private int gatewayKills;

    @Option(
            names = "--calm",
            paramLabel = "SECONDS",
            defaultValue = "10",
            description = "How long all is well before the first fault and after each. Default: ${DEFAULT-VALUE}")
    private int calm;

    @Option(
            names = "--senders",
            defaultValue = "4",
            description = "Senders over HTTP, over MQTT with QoS 1 and with QoS 2 each. Default: ${DEFAULT-VALUE}")
    private int senders;

    @Option(
            names = "--rate",
            defaultValue = "20",
            description = "Readings a second of one sender. Default: ${DEFAULT-VALUE}")
    private int rate;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    private boolean help;

    @Override
    public Integer call() throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory("lifelog-outage");
        OutageDrill.Plan plan = new OutageDrill.Plan(
                ways, Duration.ofSeconds(outage), gatewayKills, Duration.ofSeconds(calm), senders, rate);
        OutageDrill.Result result = OutageDrill.run(plan, folder, System.err::println);
        List<String> broken = broken(result);
        result.outages().forEach(GatewayOutage::print);
        print(result);
        broken.forEach(promise -> System.out.println("BROKEN: " + promise));
        System.out.println(json(result, broken));
        if (!broken.isEmpty()) {
            System.err.println("Logs and data are in " + folder);
            return 1;
        }
        Folders.delete(folder);
        return 0;
    }

    /** The promises that were not kept. */
    static List<String> broken(OutageDrill.Result result) {
        List<String> broken = new ArrayList<>();
        result.counts().forEach((protocol, count) -> {
            if (count.lost() > 0) {
                broken.add(protocol + ": " + count.lost() + " acknowledged readings are lost");
            }
            if (count.afterReceipt() > 0) {
                broken.add(protocol + ": " + count.afterReceipt() + " readings were written again after PUBREC");
            }
            if (count.outOfOrder() > 0) {
                broken.add(protocol + ": " + count.outOfOrder() + " readings are out of order");
            }
            if (count.acknowledged() < count.sent()) {
                broken.add(protocol + ": " + (count.sent() - count.acknowledged())
                        + " readings were not acknowledged to the end");
            }
        });
        for (OutageDrill.Outage one : result.outages()) {
            String where = one.way() + ": ";
            one.answers().forEach((protocol, micros) -> {
                if (percentile(micros) > ANSWER_MICROS) {
                    broken.add(where + protocol + " answers took more than 3 s at p99");
                }
            });
            one.answersOpen().forEach((protocol, micros) -> {
                if (percentile(micros) > OPEN_ANSWER_MICROS) {
                    broken.add(where + protocol + " answers took more than 50 ms at p99 with the breaker open");
                }
            });
            if (one.notReadyAfter() < 0 || one.notReadyAfter() > NOT_READY_MILLIS) {
                broken.add(where + "the gateway was ready for more than 5 s");
            }
            if (one.readyMeanwhile()) {
                broken.add(where + "the gateway said that it was ready while Kafka was away");
            }
            if (one.readyAgainAfter() < 0 || one.readyAgainAfter() > READY_AGAIN_MILLIS) {
                broken.add(where + "the gateway was not ready again within 10 s");
            }
        }
        return broken;
    }

    private static long percentile(Histogram micros) {
        return micros.getValueAtPercentile(PERCENTILE);
    }

    private static void print(OutageDrill.Outage outage) {
        System.out.printf(
                Locale.ROOT,
                "%n%s: not ready after %,d ms, ready again %,d ms after Kafka's return%n",
                outage.way(),
                outage.notReadyAfter(),
                outage.readyAgainAfter());
        System.out.printf(
                "%-10s %12s %9s %9s %9s %9s %12s %12s %12s%n",
                "ms", "unavailable", "answers", "p50", "p99", "longest", "open: n", "open: p99", "acknowledged");
        OutageDrill.ANSWERED.forEach(protocol -> {
            Histogram all = outage.answers().get(protocol);
            Histogram open = outage.answersOpen().get(protocol);
            System.out.printf(
                    Locale.ROOT,
                    "%-10s %,12d %,9d %,9.1f %,9.1f %,9.1f %,12d %,12.1f %,12d%n",
                    protocol,
                    outage.firstUnavailable().get(protocol),
                    all.getTotalCount(),
                    all.getValueAtPercentile(50) / 1e3,
                    percentile(all) / 1e3,
                    all.getMaxValue() / 1e3,
                    open.getTotalCount(),
                    percentile(open) / 1e3,
                    outage.firstAcknowledged().get(protocol));
        });
    }

    private static void print(OutageDrill.Result result) {
        System.out.printf(
                "%n%-10s %12s %12s %12s %12s %14s %12s %12s%n",
                "readings", "sent", "acknowledged", "lost", "duplicates", "after PUBREC", "out of order", "other");
        result.counts()
                .forEach((protocol, count) -> System.out.printf(
                        Locale.ROOT,
                        "%-10s %,12d %,12d %,12d %,12d %,14d %,12d %,12d%n",
                        protocol,
                        count.sent(),
                        count.acknowledged(),
                        count.lost(),
                        count.duplicates(),
                        count.afterReceipt(),
                        count.outOfOrder(),
                        result.others().get(protocol)));
        System.out.println("sessions of MQTT that were not kept: " + result.sessionsLost());
    }

    private String json(OutageDrill.Result result, List<String> broken) {
        StringJoiner outages = new StringJoiner(", ", "[", "]");
        result.outages()
                .forEach(one -> outages.add(String.format(
                        Locale.ROOT,
                        "{\"way\": \"%s\", \"notReadyMillis\": %d, \"readyAgainMillis\": %d, \"firstUnavailableMillis\": %s,"
                                + " \"p99Micros\": %s, \"openP99Micros\": %s, \"firstAcknowledgedMillis\": %s}",
                        one.way(),
                        one.notReadyAfter(),
                        one.readyAgainAfter(),
                        object(one.firstUnavailable()),
                        percentiles(one.answers()),
                        percentiles(one.answersOpen()),
                        object(one.firstAcknowledged()))));
        StringJoiner counts = new StringJoiner(", ", "{", "}");
        result.counts()
                .forEach((protocol, count) -> counts.add(String.format(
                        Locale.ROOT,
                        "\"%s\": {\"sent\": %d, \"acknowledged\": %d, \"lost\": %d, \"duplicates\": %d,"
                                + " \"duplicatesAfterPubrec\": %d, \"outOfOrder\": %d}",
                        protocol,
                        count.sent(),
                        count.acknowledged(),
                        count.lost(),
                        count.duplicates(),
                        count.afterReceipt(),
                        count.outOfOrder())));
        return String.format(
                Locale.ROOT,
                "{\"bench\": \"gateway-outage\", \"outageSeconds\": %d, \"gatewayKills\": %d, \"outages\": %s, \"readings\":"
                        + " %s, \"sessionsLost\": %d, \"broken\": %d}",
                outage,
                gatewayKills,
                outages,
                counts,
                result.sessionsLost(),
                broken.size());
    }

    private static String percentiles(Map<String, Histogram> histograms) {
        return histograms.entrySet().stream()
                .map(entry -> "\"" + entry.getKey() + "\": " + percentile(entry.getValue()))
                .collect(Collectors.joining(", ", "{", "}"));
    }

    private static String object(Map<String, Long> values) {
        return values.entrySet().stream()
                .map(entry -> "\"" + entry.getKey() + "\": " + entry.getValue())
                .collect(Collectors.joining(", ", "{", "}"));
    }
}
