package org.lifelog.streams;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.lifelog.embedded.testing.Infrastructure;

/** The service as processes of its own, on the Kafka and the registry of the tests. */
final class StreamsProcesses implements AutoCloseable {
    private final Path folder;
    private final List<Process> processes = new ArrayList<>();

    StreamsProcesses(Path folder) {
        this.folder = folder;
    }

    /**
     * Starts one.
     *
     * @param state its folder for state within the test's
     * @param settings more lines of its configuration
     */
    Process start(String state, String... settings) throws IOException {
        Path config = Files.writeString(
                folder.resolve("streams.properties"),
                "kafka.bootstrap.servers=" + Infrastructure.kafka() + "\n"
                        + "schema.registry.url=" + Infrastructure.registryUrl() + "\n"
                        + "streams.state.folder=" + folder.resolve(state) + "\n"
                        + "kafka.streams.consumer.session.timeout.ms=6000\n"
                        + String.join("\n", settings));
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Streams.class.getName(),
                        "--config",
                        config.toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        folder.resolve("streams.log").toFile()))
                .start();
        processes.add(process);
        return process;
    }

    /** What all of them have logged so far. */
    String log() throws IOException {
        return Files.readString(folder.resolve("streams.log"));
    }

    @Override
    public void close() {
        processes.forEach(Process::destroyForcibly);
    }
}
