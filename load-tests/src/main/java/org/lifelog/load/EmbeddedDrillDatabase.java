package org.lifelog.load;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.lifelog.embedded.EmbeddedDatabase;
import org.lifelog.runtime.Passwords;

/** The embedded PostgreSQL of a drill. */
final class EmbeddedDrillDatabase extends DrillDatabase {
    private static final Duration LONGEST_RESTART = Duration.ofMinutes(1);

    private final Path folder;
    private final String password = Passwords.random();
    private final String url;
    private EmbeddedDatabase database;

    EmbeddedDrillDatabase(Path folder) {
        this.folder = folder;
        this.database = EmbeddedDatabase.start(folder, "127.0.0.1", 0, password);
        this.url = database.jdbcUrl();
    }

    @Override
    String url() {
        return url;
    }

    @Override
    String username() {
        return database.username();
    }

    @Override
    String password() {
        return password;
    }

    @Override
    Optional<ProcessHandle> server() {
        try {
            String pid = Files.readAllLines(folder.resolve("data").resolve("postmaster.pid"))
                    .get(0)
                    .strip();
            return ProcessHandle.of(Long.parseLong(pid));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Processes of a server that was killed take a moment to notice; until then there is no other one. */
    @Override
    void restart() {
        database.close();
        int port = Integer.parseInt(url.replaceAll(".*:(\\d+)/.*", "$1"));
        long deadline = System.nanoTime() + LONGEST_RESTART.toNanos();
        while (true) {
            try {
                database = EmbeddedDatabase.start(folder, "127.0.0.1", port, password);
                return;
            } catch (IllegalStateException e) {
                if (System.nanoTime() > deadline) {
                    throw e;
                }
                pause(e);
            }
        }
    }

    private static void pause(IllegalStateException why) {
        try {
            TimeUnit.MILLISECONDS.sleep(200);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw why;
        }
    }

    @Override
    public void close() {
        database.close();
    }
}
