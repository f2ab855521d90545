package org.lifelog.load;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A JVM on the class path of this one that is paused, killed and started anew. */
final class Victim implements AutoCloseable {
    private final List<String> command = new ArrayList<>();
    private final Map<String, String> environment;
    private final Path log;
    private Process process;

    /**
     * Prepares to start.
     *
     * @param heapMib most heap in MiB
     * @param environment its settings
     * @param log takes its output
     */
    Victim(Class<?> main, int heapMib, Map<String, String> environment, Path log, String... arguments) {
        this.environment = environment;
        this.log = log;
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-Xmx" + heapMib + "m", "-XX:+UseSerialGC", "-Duser.timezone=UTC"));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        command.addAll(List.of(arguments));
    }

    void start() {
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().keySet().removeIf(variable -> variable.startsWith("LIFELOG_"));
        builder.environment().putAll(environment);
        try {
            process = builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** SIGKILL; returns when it is dead. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** SIGTERM; returns when it has ended. */
    void stop() throws InterruptedException {
        process.destroy();
        process.waitFor();
    }

    /** SIGSTOP: it answers nothing, and its connections stay. */
    void pause() throws InterruptedException {
        signal("STOP");
    }

    /** SIGCONT. */
    void goOn() throws InterruptedException {
        signal("CONT");
    }

    private void signal(String name) throws InterruptedException {
        try {
            int status = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                    .inheritIO()
                    .start()
                    .waitFor();
            if (status != 0) {
                throw new IllegalStateException("SIG" + name + " could not be sent");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        if (process != null) {
            process.destroyForcibly();
        }
    }
}
