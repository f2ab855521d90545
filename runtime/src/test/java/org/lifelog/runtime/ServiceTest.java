package org.lifelog.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A service as a process of its own, since its end is the end of the JVM. */
class ServiceTest {
    private static final Map<String, String> GREETING = Map.of("LIFELOG_TINY_GREETING", "hello");
    private static final Duration DEADLINE = Duration.ofSeconds(60);

    @TempDir
    private Path folder;

    private final List<ProcessHandle> started = new ArrayList<>();

    @AfterEach
    void end() {
        started.forEach(ProcessHandle::destroyForcibly);
    }

    @Test
    void onSigtermPartsAreClosedInReverseOrder() throws Exception {
        Process process = start(TinyService.command(), GREETING);
        await().atMost(DEADLINE).until(() -> output().contains("tiny is up, management port "));
        process.destroy();
        assertThat(exit(process)).isZero();
        assertThat(output().lines().filter(line -> line.startsWith("closed")))
                .containsExactly("closed last part", "closed first part");
        assertThat(output()).contains("could not be closed in order");
    }

    @ParameterizedTest
    @CsvSource({
        "exception, the first part is broken",
        "error, a/library/that/is/not/There",
        "port, Port 8080 on 127.0.0.1 is in use by another process. Set tiny.port to another port.",
        "later, Stopping: a part ended"
    })
    void aServiceThatFailsEndsWithOneAfterClosing(String failure, String said) throws Exception {
        Process process =
                start(TinyService.command(), Map.of("LIFELOG_TINY_GREETING", "hello", "LIFELOG_TINY_FAILURE", failure));
        assertThat(exit(process)).isEqualTo(1);
        assertThat(output()).contains(said).contains("closed last part\n").contains("closed first part\n");
    }

    @Test
    void aWrongConfigurationEndsWithTwoAndAllProblems() throws Exception {
        Process process = start(TinyService.command(), Map.of("LIFELOG_TINY_COUNT", "10"));
        assertThat(exit(process)).isEqualTo(2);
        assertThat(output()).isEqualTo("""
                        The configuration cannot be used:
                          tiny.greeting must be given (environment: LIFELOG_TINY_GREETING)
                          tiny.count '10' is not from 1 to 9
                        """);
    }

    @Test
    void settingsAreReadFromTheFileThatIsNamed() throws Exception {
        Path file = Files.writeString(folder.resolve("tiny.properties"), "tiny.greeting=good morning\n");
        Process process = start(command("--config", file.toString()), Map.of());
        await().atMost(DEADLINE).until(() -> output().contains("good morning on "));
        process.destroy();
        assertThat(exit(process)).isZero();
    }

    @ParameterizedTest
    @CsvSource({"--verbose, Unknown option --verbose.", "--config, --config needs a file."})
    void aWrongCommandLineEndsWithTwoAndTheUsage(String option, String said) throws Exception {
        assertThat(exit(start(command(option), GREETING))).isEqualTo(2);
        assertThat(output()).startsWith(said + "\nUsage: tiny [--config FILE]");
    }

    @Test
    void helpIsTheUsage() throws Exception {
        assertThat(exit(start(command("--help"), Map.of()))).isZero();
        assertThat(output())
                .startsWith("Usage: tiny [--config FILE] [--settings] [--help]\n")
                .contains("--settings     print every setting");
    }

    @Test
    void settingsAreListedWithThoseOfEveryService() throws Exception {
        assertThat(exit(start(command("--settings"), Map.of()))).isZero();
        assertThat(output())
                .contains("tiny.greeting\n", "tiny.count\n")
                .contains("management.host\n", "management.port\n", "exit.with.parent\n");
    }

    @Test
    void aBusyManagementPortEndsWithOneLine() throws Exception {
        try (Management busy = new Management("127.0.0.1", 0)) {
            Process process = start(
                    TinyService.command(),
                    Map.of("LIFELOG_TINY_GREETING", "hello", "LIFELOG_MANAGEMENT_PORT", "" + busy.port()));
            assertThat(exit(process)).isEqualTo(1);
            assertThat(output())
                    .isEqualTo("Port " + busy.port()
                            + " on 127.0.0.1 is in use by another process. Set management.port to another port.\n");
        }
    }

    @Test
    void itEndsWithItsParentWhereItIsToldTo() throws Exception {
        // A shell in between is the parent; the command after it keeps the shell from becoming Java itself.
        String line = String.join(" ", TinyService.command()) + "; true";
        Process parent = start(
                List.of("/bin/sh", "-c", line),
                Map.of("LIFELOG_TINY_GREETING", "hello", "LIFELOG_EXIT_WITH_PARENT", "true"));
        await().atMost(DEADLINE).until(() -> output().contains("tiny is up"));
        List<ProcessHandle> services = parent.descendants().toList();
        started.addAll(services);
        assertThat(services).hasSize(1).allMatch(ProcessHandle::isAlive);
        parent.destroyForcibly();
        await().atMost(DEADLINE).until(() -> services.stream().noneMatch(ProcessHandle::isAlive));
    }

    private Process start(List<String> command, Map<String, String> environment) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("output").toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("LIFELOG_"));
        builder.environment().putAll(environment);
        Process process = builder.start();
        started.add(process.toHandle());
        return process;
    }

    private static List<String> command(String... arguments) {
        List<String> command = new ArrayList<>(TinyService.command());
        command.addAll(List.of(arguments));
        return command;
    }

    private static int exit(Process process) throws InterruptedException {
        assertThat(process.waitFor(DEADLINE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        return process.exitValue();
    }

    private String output() throws IOException {
        return Files.readString(folder.resolve("output"));
    }
}
