package org.lifelog.sink;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.function.ToLongFunction;
import javax.sql.DataSource;
import org.apache.kafka.common.TopicPartition;

/** How far the database is in each partition: the only truth about it. */
final class Offsets {
    private final DataSource database;

    Offsets(DataSource database) {
        this.database = database;
    }

    /**
     * The offsets of the next records to read.
     *
     * @param beginning where a partition that the database does not know yet starts
     * @throws SQLException where the database is away
     */
    Map<TopicPartition, Long> of(Collection<TopicPartition> partitions, ToLongFunction<TopicPartition> beginning)
            throws SQLException {
        Map<TopicPartition, Long> offsets = new HashMap<>();
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement(
                        "SELECT next_offset FROM sink_offset WHERE topic = ? AND partition = ?");
                PreparedStatement insert = connection.prepareStatement(
                        "INSERT INTO sink_offset (topic, partition, next_offset) VALUES (?, ?, ?) ON CONFLICT DO NOTHING")) {
            for (TopicPartition partition : partitions) {
                Long known = find(select, partition);
                if (known == null) {
                    insert.setString(1, partition.topic());
                    insert.setInt(2, partition.partition());
                    insert.setLong(3, beginning.applyAsLong(partition));
                    insert.executeUpdate();
                    known = find(select, partition);
                }
                offsets.put(partition, known);
            }
        }
        return offsets;
    }

    private static Long find(PreparedStatement select, TopicPartition partition) throws SQLException {
        select.setString(1, partition.topic());
        select.setInt(2, partition.partition());
        try (ResultSet rows = select.executeQuery()) {
            return rows.next() ? rows.getLong(1) : null;
        }
    }
}
