package org.lifelog.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/**
 * What {@link EmbeddedDatabase} keeps on disk: the cluster, the superuser's password, and a mark that the cluster is
 * complete.
 *
 * @param root owned by one database
 */
record PostgresDirectory(Path root) {

    private static final long STOP_SECONDS = 60;

    /** PostgreSQL's own data directory. */
    Path cluster() {
        return root.resolve("data");
    }

    /** Where PostgreSQL's programs are unpacked. */
    Path programs() {
        return root.resolve("programs");
    }

    /** Output of the running server and of what started it. */
    Path log() {
        return root.resolve("postgres.log");
    }

    /** Holds the superuser's password in the form that {@code initdb --pwfile} reads. */
    Path passwordFile() {
        return root.resolve("superuser-password");
    }

    /**
     * Makes the directory ready for a start: the superuser's password exists, no server runs on the cluster, and
     * whatever was left half made is gone.
     *
     * @return the superuser's password
     */
    String prepare() throws IOException {
        Files.createDirectories(root);
        stopStaleServer();
        if (!Files.exists(completeMark())) {
            delete(cluster());
        }
        deleteHalfUnpackedPrograms();
        Files.deleteIfExists(log());
        if (!Files.exists(passwordFile())) {
            writePassword();
        }
        return Files.readString(passwordFile()).strip();
    }

    /** To be called when the new cluster serves: from now on {@link #prepare} keeps it. */
    void markComplete() throws IOException {
        if (!Files.exists(completeMark())) {
            Files.createFile(completeMark());
        }
    }

    /** The running server's process, as {@code postmaster.pid} names it. */
    Optional<ProcessHandle> server() throws IOException {
        List<String> lines;
        try {
            lines = Files.readAllLines(cluster().resolve("postmaster.pid"));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
        // After a reboot the pid may be another program's.
        return lines.stream()
                .findFirst()
                .map(String::strip)
                .filter(pid -> pid.matches("[1-9][0-9]*"))
                .flatMap(pid -> ProcessHandle.of(Long.parseLong(pid)))
                .filter(process -> process.info().command().orElse("").endsWith("postgres"));
    }

    /** The server outlives a JVM that is killed. Adopting it would keep its old port and settings: it is stopped. */
    void stopStaleServer() throws IOException {
        Optional<ProcessHandle> server = server();
        if (server.isPresent()) {
            stop(server.get());
        }
    }

    private static void stop(ProcessHandle server) throws IOException {
        try {
            // SIGINT is PostgreSQL's fast shutdown; SIGTERM would wait for clients to leave.
            new ProcessBuilder("kill", "-INT", Long.toString(server.pid()))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
            server.onExit().get(STOP_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            // SIGKILL: the next start replays the log, as after a power failure.
            server.destroyForcibly();
            server.onExit().join();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while stopping a database server of an earlier run", e);
        }
    }

    /** The unpacker marks what it finished with a file; it cannot go on with what it did not. */
    private void deleteHalfUnpackedPrograms() throws IOException {
        Files.createDirectories(programs());
        List<Path> unpacked;
        try (Stream<Path> entries = Files.list(programs())) {
            unpacked = entries.toList();
        }
        for (Path entry : unpacked) {
            if (!Files.exists(entry.resolve(".exists"))) {
                delete(entry);
            }
        }
    }

    private Path completeMark() {
        return root.resolve("complete");
    }

    private void writePassword() throws IOException {
        byte[] random = new byte[24];
        new SecureRandom().nextBytes(random);
        Path draft = root.resolve("superuser-password.new");
        Files.deleteIfExists(draft);
        Files.createFile(draft, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(draft, HexFormat.of().formatHex(random) + "\n", StandardCharsets.US_ASCII);
        Files.move(draft, passwordFile(), StandardCopyOption.ATOMIC_MOVE);
    }

    private static void delete(Path directory) {
        try (Stream<Path> files = Files.walk(directory)) {
            files.sorted(Comparator.reverseOrder()).forEach(file -> {
                try {
                    Files.delete(file);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        } catch (NoSuchFileException e) {
            // Nothing to delete.
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
