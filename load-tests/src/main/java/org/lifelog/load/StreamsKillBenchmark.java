package org.lifelog.load;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.apache.avro.generic.IndexedRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.lifelog.avro.Aggregate;
import org.lifelog.avro.Reading;
import org.lifelog.contract.Topic;
import org.lifelog.streams.Streams;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The streams under load, killed twice. */
@Command(
        name = "streams-kill",
        sortOptions = false,
        description = {
            "Sends readings at a steady rate, kills the streams application with SIGKILL twice, starts it anew at once"
                    + " as Kubernetes would, and compares every window with that of a plain loop over what was sent.",
            "Full service is when no reading has been waiting for longer than a second and a half. Kafka shares the"
                    + " processors."
        })
final class StreamsKillBenchmark implements Callable<Integer> {
    private static final String APPLICATION = "lifelog-streams";
    private static final int KILLS = 2;
    private static final Duration WAIT = Duration.ofMillis(1_500);
    private static final Duration DEADLINE = Duration.ofMinutes(5);
    private static final long TICK_MILLIS = 20;

    @Option(names = "--rate", defaultValue = "5000", description = "Readings a second. Default: ${DEFAULT-VALUE}")
    int rate;

    @Option(
            names = "--seconds",
            defaultValue = "20",
            description = "How long it runs in full service before each kill. Default: ${DEFAULT-VALUE}")
    int seconds;

    @Mixin
    StreamsOptions options;

    @CommandLine.Spec
    CommandLine.Model.CommandSpec spec;

    private record Sent(long nanos, long readings) {}

    /** What was sent and when, and what must come of it. */
    private final class Sender {
        private final StreamsBacklog backlog = new StreamsBacklog(options, rate * DEADLINE.toSeconds());
        private final ExpectedWindows windows = new ExpectedWindows(StreamsBacklog.CENTER);
        private final Deque<Sent> recent = new ArrayDeque<>();
        private final KafkaProducer<String, IndexedRecord> producer;
        private final long began = System.nanoTime();
        private long sent;

        Sender(KafkaProducer<String, IndexedRecord> producer) {
            this.producer = producer;
            backlog.register(producer);
        }

        /** Sends what is due by now. */
        private void tick() {
            long due = (long) ((System.nanoTime() - began) / 1e9 * rate);
            for (; sent < due; sent++) {
                Reading reading = backlog.next();
                windows.add(reading);
                StreamsBacklog.send(reading, producer);
            }
            recent.add(new Sent(System.nanoTime(), sent));
            pause();
        }

        /** How many had been sent before the longest wait of full service. */
        private long sentBefore() {
            while (recent.size() > 1 && System.nanoTime() - recent.peek().nanos > WAIT.toNanos()) {
                recent.remove();
            }
            return recent.element().readings;
        }
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(TICK_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public Integer call() {
        run().print(spec.commandLine().getOut());
        return 0;
    }

    /**
     * Runs it.
     *
     * @throws IllegalStateException where a window differs, or readings are lost or counted twice
     */
    Figures run() {
        try (BenchStreams streams = new BenchStreams(options, this::tell);
                KafkaProducer<String, IndexedRecord> producer =
                        StreamsBacklog.producer(streams.kafka(), streams.registry())) {
            Sender sender = new Sender(producer);
            BenchStreams.Application application = start(streams);
            untilFullService(streams, sender);
            List<Double> outages = new ArrayList<>();
            for (int kill = 0; kill < KILLS; kill++) {
                sendFor(Duration.ofSeconds(seconds), sender);
                long killed = System.nanoTime();
                application.kill();
                application = start(streams);
                untilFullService(streams, sender);
                outages.add((System.nanoTime() - killed) / 1e9);
                tell(String.format(Locale.ROOT, "killed; full service after %.1f s", outages.get(kill)));
            }
            sendFor(Duration.ofSeconds(seconds), sender);
            producer.flush();
            streams.untilCaughtUp(application, sender.sent, 0);
            BenchStreams.stop(application);
            check(streams, sender);
            return figures(sender, outages);
        }
    }

    private void tell(String message) {
        spec.commandLine().getErr().println(message);
        spec.commandLine().getErr().flush();
    }

    private static BenchStreams.Application start(BenchStreams streams) {
        return streams.start(APPLICATION, Streams.class, Map.of());
    }

    private static void sendFor(Duration time, Sender sender) {
        long end = System.nanoTime() + time.toNanos();
        while (System.nanoTime() < end) {
            sender.tick();
        }
    }

    private static void untilFullService(BenchStreams streams, Sender sender) {
        // What was sent before counts for the time before.
        long first = sender.sent + 1;
        long deadline = System.nanoTime() + DEADLINE.toNanos();
        do {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("There is no full service after " + DEADLINE);
            }
            sender.tick();
        } while (streams.committed(APPLICATION, Topic.READINGS) < Math.max(first, sender.sentBefore()));
    }

    private static void check(BenchStreams streams, Sender sender) {
        streams.readValues(Topic.AGGREGATES, value -> sender.windows.found((Aggregate) value));
        int differing = sender.windows.differing();
        long valid = streams.validReadings();
        if (differing > 0 || valid != sender.sent) {
            throw new IllegalStateException(differing + " of " + sender.windows.size() + " windows differ, and of "
                    + sender.sent + " readings " + valid + " are in the ledger as valid");
        }
    }

    private Figures figures(Sender sender, List<Double> outages) {
        Figures figures = new Figures("streams-kill")
                .add("rate", "readings/s", rate, 0)
                .add("readings", "readings sent, each once in the ledger", sender.sent, 0)
                .add("windows", "windows, each equal to a plain loop", sender.windows.size(), 0);
        for (int kill = 0; kill < KILLS; kill++) {
            figures.add(
                    "outage" + (kill + 1) + "Seconds",
                    "kill " + (kill + 1) + ": full service after, s",
                    outages.get(kill),
                    1);
        }
        return figures;
    }
}
