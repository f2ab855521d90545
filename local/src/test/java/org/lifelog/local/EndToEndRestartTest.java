package org.lifelog.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The service is ended and started again on the same folder, with all of its embedded parts. */
class EndToEndRestartTest {
    @TempDir
    private Path data;

    private final Instant start = Instant.now().truncatedTo(ChronoUnit.HOURS).minus(Duration.ofDays(2));
    private final List<Outgoing> readings =
            GlucoseCourse.readings("restarted", "cgm-1", GlucoseCourse.points(start, 300));
    private final List<String> messages = new ArrayList<>();

    @Test
    void secondStartFindsAllDataAgain() throws InterruptedException, IOException {
        List<String> arguments = RunningPlatform.options(data);
        // Those of the service that other tests in this JVM share.
        Set<ProcessHandle> others = ProcessHandle.current().descendants().collect(Collectors.toSet());
        ServiceCredentials first;
        Platform platform = new Platform(RunningPlatform.parse(arguments), messages::add);
        try {
            platform.start();
            first = platform.credentials();
            sendAndClose(platform, 0);
            assertThatThrownBy(() -> new Platform(RunningPlatform.parse(arguments), messages::add).start())
                    .isInstanceOf(UserException.class)
                    .hasMessageContaining("up already");
        } finally {
            platform.close();
        }
        assertThat(ProcessHandle.current().descendants().filter(process -> !others.contains(process)))
                .noneMatch(process -> process.info()
                        .commandLine()
                        .filter(line -> line.contains(data.toString()) || line.contains("org.lifelog"))
                        .filter(line -> !line.contains("surefire"))
                        .isPresent());
        assertThat(Files.getPosixFilePermissions(data.resolve("credentials.json")))
                .isEqualTo(PosixFilePermissions.fromString("rw-------"));

        Platform again = new Platform(RunningPlatform.parse(arguments), messages::add);
        try {
            again.start();
            assertThat(again.credentials()).isEqualTo(first);
            sendAndClose(again, 300);
            assertThat(RunningPlatform.query(first.database(), "SELECT count(*), min(subject) FROM v_reading"))
                    .containsExactly("300|restarted");
        } finally {
            again.close();
        }
    }

    /** Sends all readings and takes the balance, which has so many duplicates then. */
    private void sendAndClose(Platform platform, long duplicates) throws InterruptedException {
        ServiceCredentials credentials = platform.credentials();
        try (ReadingSender sender = new HttpSender(
                credentials.gateway().http(),
                "isens",
                credentials.gateway().centers().get("isens"))) {
            assertThat(sender.send(readings).accepted()).isEqualTo(300);
        }
        LedgerBalance balance = LedgerCommand.await(credentials, Duration.ofMinutes(2));
        assertThat(balance.closes()).isTrue();
        assertThat(balance.rows().get("isens").stored()).isEqualTo(300);
        assertThat(balance.rows().get("isens").duplicate()).isEqualTo(duplicates);
    }
}
