package org.lifelog.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * One service in a process of its own, which is started anew when it ends, as Kubernetes would. It ends when this
 * process ends, however that comes about.
 */
final class ServiceProcess implements AutoCloseable {
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(40);
    private static final long FIRST_PAUSE_MILLIS = 500;
    private static final long LONGEST_PAUSE_MILLIS = 10_000;
    private static final Duration LONG_ENOUGH = Duration.ofSeconds(30);
    private static final int WRONG_CONFIGURATION = 2;
    private static final long LARGEST_LOG = 10L << 20;

    private final String name;
    private final List<String> command;
    private final Map<String, String> environment;
    private final Path log;
    private final Consumer<String> messages;
    private final Thread keeper;
    private volatile Process process;
    private volatile boolean stopping;

    /**
     * Starts a service.
     *
     * @param mainClass its entry point
     * @param heapMib most heap in MiB
     * @param environment its settings
     * @param messages takes a line for people when it ends and is started anew
     */
    ServiceProcess(
            String name,
            Class<?> mainClass,
            int heapMib,
            Map<String, String> environment,
            Path logs,
            Consumer<String> messages) {
        this.name = name;
        this.environment = environment;
        this.messages = messages;
        this.log = logs.resolve(name + ".log");
        this.command = command(mainClass, heapMib);
        this.process = start();
        this.keeper = new Thread(this::keep, "keeper-" + name);
        keeper.setDaemon(true);
        keeper.start();
    }

    private static List<String> command(Class<?> mainClass, int heapMib) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-Xmx" + heapMib + "m");
        command.add("-XX:+UseSerialGC");
        command.add("-XX:+ExitOnOutOfMemoryError");
        command.add("-Duser.timezone=UTC");
        // Java 24 and newer warn of native libraries (RocksDB, Netty) that are loaded without it.
        if (Runtime.version().feature() >= 22) {
            command.add("--enable-native-access=ALL-UNNAMED");
        }
        command.add("-cp");
        command.add(System.getProperty("java.class.path"));
        command.add(mainClass.getName());
        return command;
    }

    private Process start() {
        try {
            Files.createDirectories(log.getParent());
            if (Files.exists(log) && Files.size(log) > LARGEST_LOG) {
                Files.delete(log);
            }
            ProcessBuilder builder = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
            // What is set for this command is not meant for the services: LIFELOG_DATABASE is not database.url.
            builder.environment().keySet().removeIf(variable -> variable.startsWith("LIFELOG_"));
            builder.environment().putAll(environment);
            return builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot start " + name, e);
        }
    }

    private void keep() {
        long pause = FIRST_PAUSE_MILLIS;
        try {
            while (!stopping) {
                long started = System.nanoTime();
                int status = process.waitFor();
                if (stopping) {
                    return;
                }
                if (status == WRONG_CONFIGURATION) {
                    messages.accept(name + " cannot use its configuration and is not started again; see " + log);
                    return;
                }
                pause = System.nanoTime() - started > LONG_ENOUGH.toNanos()
                        ? FIRST_PAUSE_MILLIS
                        : Math.min(2 * pause, LONGEST_PAUSE_MILLIS);
                // Ctrl-C reaches every process of the terminal at once; after the pause it is known whether it was
                // that.
                Thread.sleep(pause);
                synchronized (this) {
                    if (!stopping) {
                        messages.accept(name + " ended with status " + status + "; it is started again. See " + log);
                        process = start();
                    }
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Says that it is about to be closed, so that an end from now on is in order. */
    void expectEnd() {
        stopping = true;
    }

    String name() {
        return name;
    }

    Path log() {
        return log;
    }

    /** The process that runs now, or ended last. */
    Process process() {
        return process;
    }

    /** Asks it to end in order, and ends it by force where it does not within 40 s. */
    @Override
    public void close() {
        Process last;
        synchronized (this) {
            stopping = true;
            last = process;
        }
        last.destroy();
        try {
            if (!last.waitFor(STOP_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) {
                messages.accept(name + " does not end in order and is ended by force; see " + log);
                last.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            last.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        keeper.interrupt();
    }
}
