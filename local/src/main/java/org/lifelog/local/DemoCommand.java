package org.lifelog.local;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import me.tongfei.progressbar.ProgressBar;
import org.lifelog.contract.Catalogue;
import org.lifelog.contract.Center;
import org.lifelog.contract.Centers;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code ./lifelog demo}. */
@Command(
        name = "demo",
        sortOptions = false,
        description = "Starts everything as 'up' does, and simulated devices of all centers over HTTP and MQTT: history"
                + " first, then live. A second start goes on where the first one ended.")
final class DemoCommand implements Runnable {
    /** Centers whose simulated devices speak MQTT; the others use HTTP. */
    private static final Set<String> OVER_MQTT = Set.of("kweather", "hallym-chuncheon", "healthmax");

    private static final int BATCH = 1_000;
    private static final int SENDERS = 3;
    private static final Duration TICK = Duration.ofSeconds(5);
    private static final Duration STORE_TIMEOUT = Duration.ofMinutes(5);
    private static final String STATE = "demo-sent-until";

    @Mixin
    private PlatformOptions options;

    @Option(names = "--days", defaultValue = "30", description = "Days of history, 0 to 34. Default: ${DEFAULT-VALUE}")
    private int days;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    private boolean help;

    @Override
    public void run() {
        if (days < 0 || days > 34) {
            throw new UsageException("--days is from 0 to 34.");
        }
        UpCommand.runUntilStopped(options, platform -> simulate(platform, days, options.data));
    }

    private void simulate(Platform platform, int historyDays, Path data) throws InterruptedException {
        ServiceCredentials credentials = platform.credentials();
        Map<String, Feed> feeds = feeds(credentials);
        try {
            Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
            Instant from = sentUntil(data).orElse(now.minus(Duration.ofDays(historyDays)));
            long sent = sendHistory(feeds, from, now);
            writeSentUntil(data, now);
            System.out.println(sent + " readings sent; storing the last of them");
            LedgerBalance balance = LedgerCommand.await(credentials, STORE_TIMEOUT);
            System.out.println(
                    balance.closes()
                            ? "all of them are stored; the ledger closes"
                            : "the ledger does not close yet; ./lifelog ledger tells more");
            tellWhereToLook(credentials);
            goLive(feeds, now, data);
        } finally {
            feeds.values().forEach(feed -> feed.sender().close());
        }
    }

    private record Feed(List<SimulatedSeries> series, ReadingSender sender, ZoneId zone) {
        long send(Instant from, Instant to) throws InterruptedException {
            List<Outgoing> readings = new ArrayList<>();
            series.forEach(one -> one.readings(from, to, zone, json -> readings.add(new Outgoing(0, json))));
            readings.sort(Comparator.comparing(reading -> time(reading.json())));
            for (int i = 0; i < readings.size(); i += BATCH) {
                ReadingSender.Outcome outcome = sender.send(readings.subList(i, Math.min(i + BATCH, readings.size())));
                if (!outcome.problems().isEmpty()) {
                    throw new IllegalStateException("A simulated reading was refused: "
                            + outcome.problems().get(0).detail());
                }
            }
            return readings.size();
        }

        private static String time(ObjectNode reading) {
            return reading.path("time").asText();
        }
    }

    private static Map<String, Feed> feeds(ServiceCredentials credentials) {
        Centers centers = Centers.load(Catalogue.load());
        Map<String, Feed> feeds = new HashMap<>();
        SimulatedCenters.byCenter().forEach((code, series) -> {
            Center center = centers.center(code).orElseThrow();
            ServiceCredentials.Account account = credentials.gateway().centers().get(code);
            ReadingSender sender = OVER_MQTT.contains(code)
                    ? new MqttSender(credentials.gateway().mqtt(), code, account)
                    : new HttpSender(credentials.gateway().http(), code, account);
            feeds.put(code, new Feed(series, sender, center.zone()));
        });
        return feeds;
    }

    private static long sendHistory(Map<String, Feed> feeds, Instant from, Instant to) throws InterruptedException {
        long daysToSend = Math.max(
                1, Duration.between(from, to).plusDays(1).minusSeconds(1).toDays());
        AtomicLong sent = new AtomicLong();
        ExecutorService senders = Executors.newFixedThreadPool(SENDERS);
        try (ProgressBar bar = SendCommand.progressBar("history", daysToSend * feeds.size())) {
            List<Future<?>> all = new ArrayList<>();
            for (Feed feed : feeds.values()) {
                all.add(senders.submit(() -> {
                    for (Instant day = from; day.isBefore(to); day = day.plus(Duration.ofDays(1))) {
                        Instant end = day.plus(Duration.ofDays(1));
                        sent.addAndGet(feed.send(day, end.isBefore(to) ? end : to));
                        bar.step();
                    }
                    return null;
                }));
            }
            for (Future<?> one : all) {
                one.get();
            }
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e.getCause());
        } finally {
            senders.shutdownNow();
        }
        return sent.get();
    }

    private static void tellWhereToLook(ServiceCredentials credentials) {
        ServiceCredentials.Account clinician = credentials.portal().clinicians().get("isens");
        System.out.println("Look at " + credentials.portal().url() + " as " + clinician.username()
                + " with the password " + clinician.password());
        System.out.println("New readings come in as their devices measure. Ctrl-C ends it.");
    }

    private static void goLive(Map<String, Feed> feeds, Instant from, Path data) throws InterruptedException {
        Instant sentUntil = from;
        while (true) {
            TimeUnit.MILLISECONDS.sleep(TICK.toMillis());
            Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
            for (Feed feed : feeds.values()) {
                feed.send(sentUntil, now);
            }
            sentUntil = now;
            writeSentUntil(data, sentUntil);
        }
    }

    /** How far an earlier demo on this folder came. */
    private static Optional<Instant> sentUntil(Path data) {
        try {
            return Optional.of(
                    Instant.parse(Files.readString(data.resolve(STATE)).trim()));
        } catch (IOException | DateTimeParseException e) {
            return Optional.empty();
        }
    }

    private static void writeSentUntil(Path data, Instant time) {
        try {
            Files.writeString(data.resolve(STATE), time.toString());
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot write to " + data, e);
        }
    }
}
