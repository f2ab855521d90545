package org.lifelog.load;

import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.avro.generic.IndexedRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.lifelog.avro.Reading;
import org.lifelog.contract.Topic;
import org.lifelog.sink.Sink;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The sink, beside COPY of the same rows from files and beside Kafka Connect with the JDBC sink of Debezium. */
@Command(
        name = "sink",
        sortOptions = false,
        description = {
            "Writes valid readings to Kafka and measures, each into the same empty table, how the sink stores them, how"
                    + " COPY stores the same rows from files, and how Kafka Connect with Debezium's JDBC sink does, in"
                    + " upsert mode; and the sink once more where all rows are there already.",
            "Each is measured from when it has gone through a third, so that its JVM is warm."
        })
final class SinkBenchmark implements Callable<Integer> {
    private static final String SINK = "lifelog-sink";
    private static final int WARM_SHARE = 3;
    private static final String TIMESCALE = "SELECT count(*) FROM pg_extension WHERE extname = 'timescaledb'";
    private static final String COMPRESSES =
            "SELECT coalesce(current_setting('timescaledb.license', true), '') = 'timescale'";

    @Option(
            names = "--readings",
            defaultValue = "600000",
            description = "How many readings there are, half of them heart rate. Default: ${DEFAULT-VALUE}")
    int readings;

    @Option(
            names = "--connections",
            defaultValue = "1",
            description = "Connections to the database, of each that writes. Default: ${DEFAULT-VALUE}")
    int connections;

    @Option(
            names = "--batch-rows",
            paramLabel = "ROWS",
            description = "Most records of one transaction of the sink; by default the sink's own default.")
    Integer batchRows;

    @Option(
            names = "--without-connect",
            description = "Leave Kafka Connect out. The first run with it gets Debezium by Maven.")
    boolean withoutConnect;

    @Mixin
    BenchDatabase.Options databaseOptions;

    @Mixin
    StreamsOptions options;

    @CommandLine.Spec
    CommandLine.Model.CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        run().print(spec.commandLine().getOut());
        return 0;
    }

    /**
     * Runs it.
     *
     * @throws IllegalStateException where not all rows are there in the end
     */
    Figures run() throws IOException {
        try (BenchStreams streams = new BenchStreams(options, this::tell);
                BenchDatabase database = new BenchDatabase(databaseOptions, streams.stateOf("database"))) {
            write(streams);
            Figures figures = new Figures("sink").add("readings", "readings", readings, 0);
            figures.add("threads", "threads of the sink", options.threads, 0)
                    .add("connections", "connections of each", connections, 0);
            BenchStreams.Measured first = measureSink(streams, database, "first writes");
            addBytes(figures, database);
            database.execute("DELETE FROM sink_offset");
            BenchStreams.Measured again = measureSink(streams, database, "rows that are there");
            RawCopy copy = new RawCopy(database, connections, streams.stateOf("copy"));
            tell(told(first) + " new, " + told(again) + " that were there");
            copy.export(readings / WARM_SHARE);
            database.execute("TRUNCATE reading");
            tell("starting COPY by " + copy.client());
            BenchStreams.Measured copied = copy.run();
            tell(told(copied));
            check(database);
            figures.add("copyPerSecond", "COPY by " + copy.client() + ": rows/s", copied.perSecond(), 0);
            addSink(figures, "first", "sink, new rows", first, copied);
            addSink(figures, "again", "sink, rows that are there", again, copied);
            if (!withoutConnect) {
                database.execute("TRUNCATE reading");
                BenchStreams.Measured connect = measureConnect(streams, database);
                figures.add("connectPerSecond", "Kafka Connect, Debezium's JDBC sink: rows/s", connect.perSecond(), 0)
                        .add(
                                "overConnect",
                                "sink, new rows / Kafka Connect",
                                first.perSecond() / connect.perSecond(),
                                1);
            }
            return figures;
        }
    }

    private void write(BenchStreams streams) {
        tell("writing " + readings + " readings to Kafka");
        StreamsBacklog backlog = new StreamsBacklog(options, readings);
        try (KafkaProducer<String, IndexedRecord> producer =
                StreamsBacklog.producer(streams.kafka(), streams.registry())) {
            Instant now = Instant.now();
            for (int i = 0; i < readings; i++) {
                Reading reading = backlog.next();
                // By which COPY later takes the rows in the same order.
                reading.setReceivedAt(now.plus(i, ChronoUnit.MICROS));
                StreamsBacklog.send(Topic.VALID, reading, producer);
            }
        }
    }

    private static String told(BenchStreams.Measured measured) {
        return String.format(Locale.ROOT, "%,.0f rows/s", measured.perSecond());
    }

    private void tell(String message) {
        spec.commandLine().getErr().println(message);
        spec.commandLine().getErr().flush();
    }

    private BenchStreams.Measured measureSink(BenchStreams streams, BenchDatabase database, String what) {
        tell("starting " + SINK + ": " + what);
        Map<String, String> settings = new HashMap<>(Map.of(
                "LIFELOG_DATABASE_URL", database.url(),
                "LIFELOG_DATABASE_USERNAME", database.username(),
                "LIFELOG_DATABASE_PASSWORD", database.password(),
                "LIFELOG_SINK_GROUP_ID", SINK,
                "LIFELOG_SINK_CONNECTIONS", Integer.toString(connections),
                "LIFELOG_SINK_THREADS", Integer.toString(options.threads)));
        if (batchRows != null) {
            settings.put("LIFELOG_SINK_BATCH_ROWS", batchRows.toString());
        }
        BenchStreams.Application application = streams.start(SINK, Sink.class, settings);
        BenchStreams.Measured measured =
                streams.untilCaughtUp(application, () -> written(database), readings, readings / WARM_SHARE);
        BenchStreams.stop(application);
        check(database);
        return measured;
    }

    private BenchStreams.Measured measureConnect(BenchStreams streams, BenchDatabase database) {
        tell("starting Kafka Connect");
        BenchStreams.Application connect = new ConnectBaseline(streams, database, options, connections).start();
        BenchStreams.Measured measured = streams.untilCaughtUp(
                connect, () -> streams.committed(ConnectBaseline.GROUP, Topic.VALID), readings, readings / WARM_SHARE);
        BenchStreams.stop(connect);
        check(database);
        return measured;
    }

    /** As the database has it; the schema comes with the sink. */
    private static long written(BenchDatabase database) {
        return database.one("SELECT to_regclass('sink_offset')") == null
                ? 0
                : Long.parseLong(database.one("SELECT coalesce(sum(next_offset), 0) FROM sink_offset WHERE topic = '"
                        + Topic.VALID.topicName() + "'"));
    }

    private void check(BenchDatabase database) {
        long rows = Long.parseLong(database.one("SELECT count(*) FROM reading"));
        if (rows != readings) {
            throw new IllegalStateException("There are " + rows + " rows, and " + readings + " readings were sent");
        }
    }

    private static void addSink(
            Figures figures, String key, String label, BenchStreams.Measured measured, BenchStreams.Measured copied) {
        figures.add(key + "PerSecond", label + ": rows/s", measured.perSecond(), 0)
                .add(key + "PerCore", label + ": rows for each processor second", measured.perCore(), 0)
                .add(key + "Share", label + " / COPY", measured.perSecond() / copied.perSecond(), 2);
    }

    private void addBytes(Figures figures, BenchDatabase database) {
        boolean hypertable = !database.one(TIMESCALE).equals("0");
        String tables = hypertable ? "show_chunks('reading')" : "(VALUES ('reading'::regclass))";
        String sum = "SELECT sum(%s(t)) FROM " + tables + " AS c(t)";
        add(figures, "table", "bytes of a reading, table", database.one(sum.formatted("pg_table_size")));
        add(figures, "index", "bytes of a reading, index", database.one(sum.formatted("pg_indexes_size")));
        if (!database.one(COMPRESSES).equals("t")) {
            tell("bytes with compression: not on this server, it needs the Community edition of TimescaleDB");
        }
    }

    private void add(Figures figures, String key, String label, String bytes) {
        figures.add(key + "Bytes", label, Double.parseDouble(bytes) / readings, 1);
    }
}
