package org.lifelog.load;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.BitSet;
import java.util.concurrent.TimeUnit;
import org.apache.avro.generic.IndexedRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.lifelog.avro.Reading;
import org.lifelog.contract.SubjectKey;
import org.lifelog.contract.Topic;

/**
 * Valid readings at a steady rate, each known by its number, with some that no database takes. Afterwards it compares them
 * one by one with what is stored.
 */
final class SinkLoad implements AutoCloseable {
    static final String CENTER = "isens";
    private static final int SUBJECTS = 200;
    private static final int REFUSED_EACH = 5_000;
    private static final Instant FIRST = Instant.parse("2026-11-01T00:00:00Z");
    private static final long TICK_MILLIS = 5;
    private static final int FETCH_ROWS = 10_000;

    /**
     * What is in the database.
     *
     * @param stored readings that were sent, with the value that was sent
     * @param foreign rows that were never sent in this form
     * @param refused readings in quarantine that were to be refused
     * @param alreadyStored how often the sink has counted that a row was there before
     */
    record Found(long stored, long foreign, long refused, long alreadyStored) {}

    private final KafkaProducer<String, IndexedRecord> producer;
    private final Thread thread;
    private volatile boolean stopping;
    private volatile long sent;

    SinkLoad(KafkaProducer<String, IndexedRecord> producer, int perSecond) {
        this.producer = producer;
        thread = new Thread(() -> send(perSecond), "sink-load");
        thread.start();
    }

    private void send(int perSecond) {
        long began = System.nanoTime();
        while (!stopping) {
            long due = (long) ((System.nanoTime() - began) / 1e9 * perSecond);
            while (sent < due) {
                Reading reading = reading(sent);
                producer.send(new ProducerRecord<>(
                        Topic.VALID.topicName(),
                        SubjectKey.of(CENTER, reading.getSubject()).toString(),
                        reading));
                sent = sent + 1;
            }
            try {
                TimeUnit.MILLISECONDS.sleep(TICK_MILLIS);
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private static Reading reading(long number) {
        return Reading.newBuilder()
                .setCenter(CENTER)
                .setSubject("drill-" + number % SUBJECTS)
                .setDevice("drill-device-" + number % SUBJECTS)
                .setVendor("isens-vendor")
                .setMetric("glucose_cgm")
                .setValue(value(number))
                .setUnit("mg/dL")
                .setTime(FIRST.plusSeconds(number / SUBJECTS))
                .setReceivedAt(Instant.now())
                .setSentUnit(refused(number) ? "\u0000" : null)
                .build();
    }

    private static double value(long number) {
        return 60 + number % 397;
    }

    /** No text of PostgreSQL has a character with the code 0. */
    private static boolean refused(long number) {
        return number % REFUSED_EACH == REFUSED_EACH - 1;
    }

    /** How many were sent so far. */
    long sent() {
        return sent;
    }

    /** How many of those that were sent are to be refused. */
    long toBeRefused() {
        return sent / REFUSED_EACH;
    }

    /** Ends it; all that was sent is in Kafka then. */
    void stop() {
        stopping = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
        producer.flush();
    }

    /** Compares what was sent with what is there. */
    Found compare(DrillDatabase database) throws SQLException {
        try (Connection connection =
                        DriverManager.getConnection(database.url(), database.username(), database.password());
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.setFetchSize(FETCH_ROWS);
            BitSet stored = new BitSet();
            BitSet refused = new BitSet();
            long foreign = compare(
                    statement.executeQuery("SELECT subject, extract(epoch FROM time)::bigint, value FROM v_reading"),
                    false,
                    stored);
            foreign += compare(
                    statement.executeQuery("SELECT subject, extract(epoch FROM time)::bigint, value FROM quarantined"
                            + " WHERE reasons = ARRAY['refused-by-storage']"),
                    true,
                    refused);
            try (ResultSet ledger = statement.executeQuery(
                    "SELECT coalesce(sum(already_stored), 0), coalesce(sum(refused), 0) FROM sink_ledger")) {
                ledger.next();
                if (ledger.getLong(2) != refused.cardinality()) {
                    throw new IllegalStateException("The ledger of the sink counts " + ledger.getLong(2)
                            + " refused readings, and " + refused.cardinality() + " are in quarantine");
                }
                return new Found(stored.cardinality(), foreign, refused.cardinality(), ledger.getLong(1));
            }
        }
    }

    /** Notes the numbers of rows, and counts those that are of no number or of one that was there before. */
    private long compare(ResultSet rows, boolean areRefused, BitSet numbers) throws SQLException {
        long foreign = 0;
        try (rows) {
            while (rows.next()) {
                long subject = Long.parseLong(rows.getString(1).substring("drill-".length()));
                long number = (rows.getLong(2) - FIRST.getEpochSecond()) * SUBJECTS + subject;
                boolean asSent = number >= 0
                        && number < sent
                        && subject < SUBJECTS
                        && rows.getDouble(3) == value(number)
                        && refused(number) == areRefused
                        && !numbers.get(Math.toIntExact(number));
                if (asSent) {
                    numbers.set(Math.toIntExact(number));
                } else {
                    foreign++;
                }
            }
        }
        return foreign;
    }

    @Override
    public void close() {
        stop();
        producer.close();
    }
}
