package org.lifelog.sink;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.lifelog.contract.Catalogue;
import org.lifelog.contract.Centers;
import org.lifelog.embedded.testing.TestDatabase;

/** A fresh database with the schema, for one test. */
final class SinkDatabase implements AutoCloseable {
    private final TestDatabase database;
    private final HikariDataSource source;

    SinkDatabase(String prefix) {
        database = TestDatabase.create(prefix);
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(database.jdbcUrl());
        config.setUsername(database.username());
        config.setPassword(database.password());
        config.setMaximumPoolSize(4);
        source = new HikariDataSource(config);
        Schema.migrate(source, Centers.load(Catalogue.load()));
    }

    HikariDataSource source() {
        return source;
    }

    TestDatabase database() {
        return database;
    }

    boolean timescale() {
        return database.timescale();
    }

    void execute(String sql) throws SQLException {
        try (Connection connection = source.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** The rows of a query, each as the texts of its columns, joined by bars. */
    List<String> query(String sql) throws SQLException {
        return query(source, sql);
    }

    static List<String> query(DataSource source, String sql) throws SQLException {
        try (Connection connection = source.getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            List<String> result = new ArrayList<>();
            while (rows.next()) {
                List<String> columns = new ArrayList<>();
                for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
                    columns.add(rows.getString(i));
                }
                result.add(
                        String.join("|", columns.stream().map(String::valueOf).toList()));
            }
            return result;
        }
    }

    @Override
    public void close() {
        source.close();
    }
}
