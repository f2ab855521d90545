package org.lifelog.load;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.postgresql.PGConnection;

/** The rows of table {@code reading} once more, by nothing but COPY from files that were made before. */
final class RawCopy {
    private static final String COLUMNS =
            "series_id, time, device_id, sequence, value, end_time, received_at, sent_value,"
                    + " sent_unit, offset_seconds, flags, priority";

    private final BenchDatabase database;
    private final int connections;
    private final Path folder;
    private final boolean psql = hasPsql();

    /** Into a database, by so many connections at once. */
    RawCopy(BenchDatabase database, int connections, Path folder) {
        this.database = database;
        this.connections = connections;
        this.folder = folder;
    }

    /** What sends the files. */
    String client() {
        return psql ? "psql" : "JDBC, there is no psql";
    }

    /**
     * Writes the stored rows to files, each series in one of them, in the order in which they arrived.
     *
     * @param first how many of them are no part of the measurement
     */
    void export(long first) throws IOException {
        Files.createDirectories(folder);
        String split =
                database.one("SELECT received_at FROM reading ORDER BY received_at OFFSET " + first + " LIMIT 1");
        for (int i = 0; i < connections; i++) {
            String rows = "SELECT " + COLUMNS + " FROM reading WHERE series_id %% " + connections + " = " + i
                    + " AND received_at %s '" + split + "' ORDER BY received_at, series_id";
            database.export(rows.formatted("<"), file("first", i));
            database.export(rows.formatted(">="), file("rest", i));
        }
    }

    /** Copies the first rows, and then measures the rest. */
    BenchStreams.Measured run() {
        copyAll("first");
        long before = count();
        long start = System.nanoTime();
        copyAll("rest");
        double seconds = (System.nanoTime() - start) / 1e9;
        return new BenchStreams.Measured(count() - before, seconds, Double.NaN);
    }

    private long count() {
        return Long.parseLong(database.one("SELECT count(*) FROM reading"));
    }

    private Path file(String part, int connection) {
        return folder.resolve("rows-" + part + "-" + connection);
    }

    private void copyAll(String part) {
        ExecutorService threads = Executors.newFixedThreadPool(connections);
        try {
            List<Callable<Void>> copies = new ArrayList<>();
            for (int i = 0; i < connections; i++) {
                Path file = file(part, i);
                copies.add(() -> psql ? copyByPsql(file) : copyByJdbc(file));
            }
            for (Future<Void> copy : threads.invokeAll(copies)) {
                copy.get();
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException("COPY fails", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } finally {
            threads.shutdownNow();
        }
    }

    private Void copyByPsql(Path file) throws IOException, InterruptedException {
        ProcessBuilder psql = new ProcessBuilder(
                        "psql",
                        "--no-psqlrc",
                        "--quiet",
                        "--set=ON_ERROR_STOP=1",
                        "--username=" + database.username(),
                        "--command=\\copy reading (" + COLUMNS + ") FROM '" + file + "' (FORMAT binary)",
                        database.url().substring("jdbc:".length()))
                .inheritIO();
        psql.environment().put("PGPASSWORD", database.password());
        int exit = psql.start().waitFor();
        if (exit != 0) {
            throw new IllegalStateException("psql ends with " + exit);
        }
        return null;
    }

    private Void copyByJdbc(Path file) throws IOException, SQLException {
        try (Connection connection = database.connect();
                InputStream in = Files.newInputStream(file)) {
            connection
                    .unwrap(PGConnection.class)
                    .getCopyAPI()
                    .copyIn("COPY reading (" + COLUMNS + ") FROM STDIN (FORMAT binary)", in);
        }
        return null;
    }

    private static boolean hasPsql() {
        try {
            return new ProcessBuilder("psql", "--version")
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UncheckedIOException(new IOException(e));
        }
    }
}
