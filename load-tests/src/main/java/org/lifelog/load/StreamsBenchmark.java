package org.lifelog.load;

import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.avro.generic.IndexedRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.lifelog.streams.Streams;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The streams with all their state, beside a topology that does nothing. */
@Command(
        name = "streams",
        sortOptions = false,
        description = {
            "Writes readings to Kafka and lets the streams application go through them, with RocksDB, changelogs and"
                    + " exactly-once; before it a topology that passes the records on, and one that decodes and encodes"
                    + " them on their way. All have the same settings of Kafka Streams.",
            "Each is measured from when it has gone through a third, so that its JVM is warm. Kafka shares the"
                    + " processors, so readings for each processor second of the process itself tell more than readings"
                    + " a second."
        })
final class StreamsBenchmark implements Callable<Integer> {
    private static final String APPLICATION = "lifelog-streams";
    private static final int WARM_SHARE = 3;

    @Option(
            names = "--readings",
            defaultValue = "1000000",
            description = "How many readings there are, half of them heart rate. Default: ${DEFAULT-VALUE}")
    int readings;

    @Mixin
    StreamsOptions options;

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
     * @throws IllegalStateException where the ledger does not have each reading as valid
     */
    Figures run() {
        try (BenchStreams streams = new BenchStreams(options, this::tell)) {
            StreamsBacklog backlog = write(streams);
            BenchStreams.Measured passed = measure(streams, "pass-through", PassThrough.class, Map.of());
            BenchStreams.Measured decoded = measure(
                    streams, "pass-through-decoded", PassThrough.class, Map.of(PassThrough.DECODES.variable(), "true"));
            BenchStreams.Measured judged = measure(streams, APPLICATION, Streams.class, Map.of());
            checkLedger(streams);
            Figures figures = new Figures("streams").add("readings", "readings", readings, 0);
            add(figures, "passThrough", "pass-through", passed);
            add(figures, "decoded", "pass-through, decoded", decoded);
            add(figures, "streams", "streams", judged);
            figures.add("share", "streams / pass-through, for each core", judged.perCore() / passed.perCore(), 2)
                    .add(
                            "shareOfDecoded",
                            "streams / pass-through, decoded, for each core",
                            judged.perCore() / decoded.perCore(),
                            2);
            addState(figures, streams, backlog);
            return figures;
        }
    }

    private StreamsBacklog write(BenchStreams streams) {
        tell("writing " + readings + " readings to Kafka");
        StreamsBacklog backlog = new StreamsBacklog(options, readings);
        try (KafkaProducer<String, IndexedRecord> producer =
                StreamsBacklog.producer(streams.kafka(), streams.registry())) {
            backlog.register(producer);
            for (int i = 0; i < readings; i++) {
                StreamsBacklog.send(backlog.next(), producer);
            }
        }
        return backlog;
    }

    private void tell(String message) {
        spec.commandLine().getErr().println(message);
        spec.commandLine().getErr().flush();
    }

    private BenchStreams.Measured measure(
            BenchStreams streams, String id, Class<?> main, Map<String, String> settings) {
        tell("starting " + id);
        BenchStreams.Application application = streams.start(id, main, settings);
        BenchStreams.Measured measured = streams.untilCaughtUp(application, readings, readings / WARM_SHARE);
        BenchStreams.stop(application);
        return measured;
    }

    private void checkLedger(BenchStreams streams) {
        long valid = streams.validReadings();
        if (valid != readings) {
            throw new IllegalStateException(
                    "The ledger has " + valid + " valid readings, and " + readings + " were sent");
        }
    }

    private static void add(Figures figures, String key, String label, BenchStreams.Measured measured) {
        figures.add(key + "PerSecond", label + ": readings/s", measured.perSecond(), 0)
                .add(key + "PerCore", label + ": readings/s for each core", measured.perCore(), 0)
                .add(
                        key + "ProcessorSecondsPer1000",
                        label + ": processor seconds per 1,000",
                        1_000 / measured.perCore(),
                        4);
    }

    private static void addState(Figures figures, BenchStreams streams, StreamsBacklog backlog) {
        Map<String, Long> changelog = DuplicateState.inChangelog(streams, APPLICATION);
        for (String metric : new String[] {StreamsBacklog.HEART, StreamsBacklog.GLUCOSE}) {
            double count = backlog.count(metric);
            String key = metric.substring(0, metric.indexOf('_')).toLowerCase(Locale.ROOT);
            figures.add(
                            key + "ChangelogBytes",
                            metric + ": bytes of duplicate state per reading, changelog",
                            changelog.getOrDefault(metric, 0L) / count,
                            2)
                    .add(
                            key + "DiskBytes",
                            metric + ": bytes of duplicate state per reading, disk",
                            DuplicateState.onDisk(streams.stateOf(APPLICATION), metric) / count,
                            2);
        }
    }
}
