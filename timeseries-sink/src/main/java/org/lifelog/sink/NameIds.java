package org.lifelog.sink;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import javax.sql.DataSource;

/**
 * The numbers of series or devices by their names: a bounded cache before the table. Missing names are added in bulk, in
 * a transaction of their own, so that the cache never holds a number that was rolled back.
 *
 * @param <N> a name of several parts
 */
final class NameIds<N> {
    private static final int CACHE_ENTRIES = 500_000;

    private final String insert;
    private final String select;
    private final int uniqueParts;
    private final Function<N, List<String>> parts;
    private final Cache<N, Long> cache =
            Caffeine.newBuilder().maximumSize(CACHE_ENTRIES).build();

    /**
     * Numbers of a table.
     *
     * @param idColumn its key
     * @param unique its columns that hold the name
     * @param dependent its columns that follow from the name and are only written
     * @param parts the values of the unique columns, then of the dependent ones
     */
    NameIds(
            String table,
            String idColumn,
            List<String> unique,
            List<String> dependent,
            Function<N, List<String>> parts) {
        this.parts = parts;
        this.uniqueParts = unique.size();
        List<String> all = new ArrayList<>(unique);
        all.addAll(dependent);
        // In one order, so that two sinks that add the same names do not lock each other out.
        this.insert = "INSERT INTO " + table + " (" + String.join(", ", all) + ") SELECT * FROM " + arrays(all)
                + " ORDER BY " + String.join(", ", unique) + " ON CONFLICT DO NOTHING";
        this.select = "SELECT " + idColumn + ", " + String.join(", ", unique) + " FROM " + table + " JOIN "
                + arrays(unique) + " USING (" + String.join(", ", unique) + ")";
    }

    private static String arrays(List<String> columns) {
        return "unnest(" + String.join(", ", Collections.nCopies(columns.size(), "?::text[]")) + ") AS n("
                + String.join(", ", columns) + ")";
    }

    /**
     * The numbers of names.
     *
     * @param database which is asked for what is not in the cache
     */
    Map<N, Long> resolve(DataSource database, Collection<N> names) throws SQLException {
        Map<N, Long> ids = new HashMap<>();
        Set<N> missing = new LinkedHashSet<>();
        for (N name : names) {
            Long id = cache.getIfPresent(name);
            if (id != null) {
                ids.put(name, id);
            } else {
                missing.add(name);
            }
        }
        if (!missing.isEmpty()) {
            Map<N, Long> found = findOrAdd(database, missing);
            cache.putAll(found);
            ids.putAll(found);
        }
        return ids;
    }

    /** Asks the table anew for some names. */
    void forget(Predicate<N> names) {
        cache.asMap().keySet().removeIf(names);
    }

    private Map<N, Long> findOrAdd(DataSource database, Set<N> names) throws SQLException {
        try (Connection connection = database.getConnection()) {
            connection.setAutoCommit(true);
            Map<N, Long> found = find(connection, names);
            if (found.size() < names.size()) {
                add(connection, names);
                found = find(connection, names);
            }
            return found;
        }
    }

    /** On disk when this returns, whatever the session says: other threads may use a number that they found here. */
    private void add(Connection connection, Collection<N> names) throws SQLException {
        connection.setAutoCommit(false);
        try (Statement durable = connection.createStatement();
                PreparedStatement statement = connection.prepareStatement(insert)) {
            durable.execute("SET LOCAL synchronous_commit = on");
            bind(connection, statement, names.stream().map(parts).toList());
            statement.executeUpdate();
            connection.commit();
        }
        connection.setAutoCommit(true);
    }

    private Map<N, Long> find(Connection connection, Collection<N> names) throws SQLException {
        Map<List<String>, N> byUnique = new HashMap<>();
        names.forEach(name -> byUnique.put(parts.apply(name).subList(0, uniqueParts), name));
        Map<N, Long> found = new HashMap<>();
        try (PreparedStatement statement = connection.prepareStatement(select)) {
            bind(connection, statement, List.copyOf(byUnique.keySet()));
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    List<String> row = new ArrayList<>();
                    for (int part = 0; part < uniqueParts; part++) {
                        row.add(rows.getString(part + 2));
                    }
                    found.put(byUnique.get(row), rows.getLong(1));
                }
            }
        }
        return found;
    }

    private static void bind(Connection connection, PreparedStatement statement, List<List<String>> rows)
            throws SQLException {
        for (int column = 0; column < rows.get(0).size(); column++) {
            int part = column;
            Array array = connection.createArrayOf(
                    "text", rows.stream().map(row -> row.get(part)).toArray());
            statement.setArray(column + 1, array);
        }
    }
}
