package org.lifelog.load;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** A database server on this machine that a drill kills and pauses. Its data are in one folder. */
abstract class DrillDatabase implements AutoCloseable {
    /** Address of the database for JDBC, the same after each start. */
    abstract String url();

    abstract String username();

    abstract String password();

    /** The process that owns the others of the server; empty where it has died. */
    abstract Optional<ProcessHandle> server();

    /** Starts the server again on its data after it has died, and returns when it answers. */
    abstract void restart();

    @Override
    public abstract void close();

    /** Whether it runs. */
    final boolean alive() {
        return server().isPresent();
    }

    /** SIGKILL; returns when it is dead. */
    final void kill() {
        ProcessHandle server = server().orElseThrow();
        server.destroyForcibly();
        server.onExit().join();
    }

    /** SIGSTOP of all its processes: its connections stay, and nobody answers. */
    final void pause() {
        signal("STOP");
    }

    /** SIGCONT. */
    final void goOn() {
        signal("CONT");
    }

    private void signal(String name) {
        List<String> processes = server().stream()
                .flatMap(server -> Stream.concat(Stream.of(server), server.descendants()))
                .map(process -> Long.toString(process.pid()))
                .toList();
        command(Stream.concat(Stream.of("kill", "-" + name), processes.stream()).toArray(String[]::new));
    }

    /**
     * Runs a program.
     *
     * @return what it prints
     * @throws IllegalStateException where it fails
     */
    static String command(String... words) {
        try {
            Process process =
                    new ProcessBuilder(words).redirectErrorStream(true).start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            if (process.waitFor() != 0) {
                throw new IllegalStateException(words[0] + ": " + output);
            }
            return output;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** The embedded PostgreSQL, or TimescaleDB in a container where an image is named. */
    static DrillDatabase start(Path folder, String image) {
        return image.isEmpty() ? new EmbeddedDrillDatabase(folder) : new ContainerDrillDatabase(folder, image);
    }
}
