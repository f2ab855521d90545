package org.lifelog.sink;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.apache.kafka.common.TopicPartition;
import org.lifelog.avro.Aggregate;
import org.lifelog.avro.Reading;
import org.lifelog.contract.Catalogue;
import org.lifelog.contract.Centers;
import org.lifelog.contract.Metric;
import org.lifelog.contract.SubjectKey;

/**
 * Writes a batch and moves its partitions in one transaction, set by set and never row by row. Writing the same batch
 * twice changes nothing. Safe for use by several threads.
 */
final class BatchWriter {
    private static final String MOVE = """
            UPDATE sink_offset s SET next_offset = m.target
            FROM unnest(?::text[], ?::int[], ?::bigint[], ?::bigint[]) AS m(topic, partition, expected, target)
            WHERE s.topic = m.topic AND s.partition = m.partition AND s.next_offset = m.expected
            """;

    private static final Comparator<TopicPartition> PARTITION_ORDER =
            Comparator.comparing(TopicPartition::topic).thenComparing(TopicPartition::partition);

    /**
     * What a batch did, by center.
     *
     * @param stored rows that were added, less those that were withdrawn
     * @param alreadyStored by how many rows fewer the readings have added than the streams counted: they were there
     *     already. Negative where a withdrawal found nothing.
     */
    record Result(Map<String, Long> stored, Map<String, Long> alreadyStored) {}

    private record Series(String center, String subject, String metric, String attributes) {}

    private record Device(String center, String device) {}

    private final DataSource database;
    private final Semaphore transactions;
    private final Catalogue catalogue;
    private final LateWindows lateWindows;
    private final ReadingTable readingTable = new ReadingTable();
    private final NameIds<Series> seriesIds;
    private final NameIds<Device> deviceIds;

    /** Writes to a database, in one transaction at a time. */
    BatchWriter(DataSource database, Catalogue catalogue, Centers centers) {
        this(database, catalogue, centers, 1);
    }

    /** Writes to a database, in so many transactions at a time at most. */
    BatchWriter(DataSource database, Catalogue catalogue, Centers centers, int transactions) {
        this.database = database;
        this.transactions = new Semaphore(transactions, true);
        this.catalogue = catalogue;
        this.lateWindows = new LateWindows(catalogue, centers);
        this.seriesIds = new NameIds<>(
                "series",
                "series_id",
                List.of("center", "subject", "metric", "attributes"),
                List.of("unit"),
                series -> List.of(
                        series.center(),
                        series.subject(),
                        series.metric(),
                        series.attributes(),
                        metric(series.metric()).unit()));
        this.deviceIds = new NameIds<>(
                "device",
                "device_id",
                List.of("center", "device"),
                List.of(),
                device -> List.of(device.center(), device.device()));
    }

    /**
     * Writes a batch.
     *
     * @throws PartitionTakenException where another sink has moved one of the partitions; nothing was written
     * @throws SQLException where the database refuses or is away; nothing was written
     */
    Result write(Batch batch) throws SQLException {
        List<Series> names = batch.readings().stream().map(BatchWriter::series).toList();
        Map<Series, Long> series = resolveSeries(names, batch);
        List<ReadingRow> readings = rows(batch.readings(), names, series);
        transactions.acquireUninterruptibly();
        try (Connection connection = database.getConnection()) {
            connection.setAutoCommit(false);
            try {
                // First, so that a sink that lost its partitions does no work, and a second one waits here.
                move(connection, batch.moves());
                Erasures.removeRows(connection, batch.erasures());
                Result result = readingTable.write(connection, readings);
                for (AggregateTable table : AggregateTable.values()) {
                    writeAggregates(connection, table, batch.aggregates(table.size()), series);
                }
                lateWindows.write(connection, readings);
                QuarantineTable.write(connection, batch);
                Erasures.removeNames(connection, batch.erasures());
                connection.commit();
                forget(batch.erasures());
                return result;
            } catch (SQLException | RuntimeException e) {
                rollBack(connection, e);
                throw e;
            }
        } finally {
            transactions.release();
        }
    }

    /** What was wrong first is what counts, and mostly why there is nothing to roll back any more. */
    private static void rollBack(Connection connection, Exception cause) {
        try {
            connection.rollback();
        } catch (SQLException e) {
            cause.addSuppressed(e);
        }
    }

    /**
     * Reads the numbers of names anew. A server that took over, or was restored, may have lost the last ones, and would
     * give them to others; another sink may have erased a subject.
     */
    void forgetNames() {
        seriesIds.forget(series -> true);
        deviceIds.forget(device -> true);
    }

    private Map<Series, Long> resolveSeries(List<Series> ofReadings, Batch batch) throws SQLException {
        Set<Series> names = new HashSet<>(ofReadings);
        for (AggregateTable table : AggregateTable.values()) {
            batch.aggregates(table.size()).forEach(aggregate -> names.add(series(aggregate)));
        }
        return seriesIds.resolve(database, names);
    }

    private void forget(List<Erasures.Erasure> erasures) {
        if (!erasures.isEmpty()) {
            Set<SubjectKey> erased =
                    erasures.stream().map(Erasures.Erasure::subject).collect(Collectors.toSet());
            seriesIds.forget(series -> erased.contains(SubjectKey.of(series.center(), series.subject())));
        }
    }

    /** In the order of their keys. */
    private List<ReadingRow> rows(List<Reading> readings, List<Series> names, Map<Series, Long> series)
            throws SQLException {
        List<Device> deviceNames = readings.stream()
                .map(reading -> new Device(reading.getCenter(), reading.getDevice()))
                .toList();
        Map<Device, Long> devices = deviceIds.resolve(database, new HashSet<>(deviceNames));
        List<ReadingRow> rows = new ArrayList<>(readings.size());
        for (int i = 0; i < readings.size(); i++) {
            rows.add(new ReadingRow(
                    readings.get(i),
                    series.get(names.get(i)),
                    devices.get(deviceNames.get(i)).intValue()));
        }
        rows.sort(ReadingRow.BY_KEY);
        return rows;
    }

    private void move(Connection connection, Map<TopicPartition, Batch.Move> moves) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(MOVE)) {
            ColumnArrays columns = new ColumnArrays(connection, statement);
            List<Map.Entry<TopicPartition, Batch.Move>> rows = moves.entrySet().stream()
                    .sorted(Map.Entry.comparingByKey(PARTITION_ORDER))
                    .toList();
            columns.add("text", rows, row -> row.getKey().topic());
            columns.add("int4", rows, row -> row.getKey().partition());
            columns.add("int8", rows, row -> row.getValue().from());
            columns.add("int8", rows, row -> row.getValue().to());
            if (statement.executeUpdate() != rows.size()) {
                throw new PartitionTakenException();
            }
        }
    }

    private void writeAggregates(
            Connection connection, AggregateTable table, Collection<Aggregate> aggregates, Map<Series, Long> series)
            throws SQLException {
        if (aggregates.isEmpty()) {
            return;
        }
        Map<Boolean, List<Aggregate>> byEmptiness =
                aggregates.stream().collect(Collectors.partitioningBy(aggregate -> aggregate.getN() == 0));
        deleteEmpty(connection, table, byEmptiness.get(true), series);
        List<Aggregate> rows = byEmptiness.get(false);
        if (rows.isEmpty()) {
            return;
        }
        try (PreparedStatement statement = connection.prepareStatement(table.upsert())) {
            ColumnArrays columns = new ColumnArrays(connection, statement);
            columns.add("int8", rows, a -> series.get(series(a)));
            columns.add("int8", rows, a -> ColumnArrays.micros(a.getTime()));
            columns.add("int8", rows, Aggregate::getN);
            columns.add("float8", rows, Aggregate::getSum);
            columns.add("float8", rows, Aggregate::getMean);
            columns.add("float8", rows, Aggregate::getMin);
            columns.add("float8", rows, Aggregate::getMax);
            columns.add("float8", rows, Aggregate::getFirst);
            columns.add("float8", rows, Aggregate::getLast);
            columns.add("float8", rows, Aggregate::getSd);
            columns.add("text", rows, a -> bands(a.getBands()));
            columns.add("int8", rows, Aggregate::getVersion);
            statement.executeUpdate();
        }
    }

    private static void deleteEmpty(
            Connection connection, AggregateTable table, List<Aggregate> rows, Map<Series, Long> series)
            throws SQLException {
        if (rows.isEmpty()) {
            return;
        }
        try (PreparedStatement statement = connection.prepareStatement(table.deleteEmpty())) {
            ColumnArrays columns = new ColumnArrays(connection, statement);
            columns.add("int8", rows, a -> series.get(series(a)));
            columns.add("int8", rows, a -> ColumnArrays.micros(a.getTime()));
            columns.add("int8", rows, Aggregate::getVersion);
            statement.executeUpdate();
        }
    }

    private Metric metric(String code) {
        return catalogue
                .metric(code)
                .orElseThrow(() -> new IllegalStateException("Metric " + code
                        + " is not in this sink's catalogue; give it the catalogue that the streams have."));
    }

    private static Series series(Reading r) {
        return new Series(r.getCenter(), r.getSubject(), r.getMetric(), r.getAttributes());
    }

    private static Series series(Aggregate a) {
        return new Series(a.getCenter(), a.getSubject(), a.getMetric(), a.getAttributes());
    }

    /** An array of arrays must be square in PostgreSQL, so the counts travel as the text of an array. */
    private static String bands(List<Long> bands) {
        return bands.isEmpty() ? null : bands.stream().map(String::valueOf).collect(Collectors.joining(",", "{", "}"));
    }
}
