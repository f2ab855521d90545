package org.lifelog.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class LifelogTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    private Path data;

    private int run(String... arguments) {
        CommandLine commandLine = Lifelog.commandLine();
        commandLine.setOut(new PrintWriter(out, true));
        commandLine.setErr(new PrintWriter(err, true));
        return commandLine.execute(arguments);
    }

    @Test
    void helpListsEveryCommand() {
        assertThat(run("help")).isZero();
        assertThat(out.toString()).contains("up", "demo", "send", "topics", "ledger", "pseudonym", "bench", "help");
    }

    @Test
    void everyCommandHasHelp() {
        for (String command : List.of("up", "demo", "send", "topics", "ledger", "pseudonym")) {
            assertThat(run(command, "--help")).as(command).isZero();
            assertThat(out.toString()).contains("Usage: lifelog " + command);
        }
    }

    @Test
    void unknownOptionIsAnErrorOfUse() {
        assertThat(run("up", "--prot", "8080")).isEqualTo(2);
        assertThat(err.toString()).contains("--prot");
        assertThat(run("dance")).isEqualTo(2);
        assertThat(run()).isEqualTo(2);
        assertThat(run("demo", "--days", "35")).isEqualTo(2);
        assertThat(run("up", "--unknown-devices", "maybe")).isEqualTo(2);
        assertThat(err.toString()).contains("'maybe' is neither quarantine nor accept");
    }

    @Test
    void busyPortIsOneLineThatNamesThePortAndTheOption() throws IOException {
        try (ServerSocket busy = new ServerSocket(0)) {
            List<String> arguments = new ArrayList<>(List.of("up"));
            RunningPlatform.options(data).stream()
                    .filter(option -> !option.startsWith("--portal-port"))
                    .forEach(arguments::add);
            arguments.add("--portal-port=" + busy.getLocalPort());

            assertThat(run(arguments.toArray(String[]::new))).isEqualTo(1);
            assertThat(err.toString().lines())
                    .containsExactly("Port " + busy.getLocalPort()
                            + " on 127.0.0.1 is in use. Choose another with --portal-port.");
        }
    }

    @Test
    void commandWithoutARunningServiceSaysHowToStartOne() {
        assertThat(run("ledger", "--data", data.toString())).isEqualTo(1);
        assertThat(err.toString().lines())
                .containsExactly(
                        "There is no " + data.resolve("credentials.json") + ". Start the service first: ./lifelog up");
    }

    @Test
    void topicsTellsWhatIsWrongWithTheCenters() {
        assertThat(run("topics", "--kafka=127.0.0.1:1", "--registry=http://127.0.0.1:1", "--centers=none.yaml"))
                .isEqualTo(1);
        assertThat(err.toString().lines()).containsExactly("Cannot read the centers in none.yaml");
    }

    @Test
    void sendTellsWhatIsMissing() {
        assertThat(run("send", "nothing.csv", "--center", "isens", "--data", data.toString()))
                .isEqualTo(1);
        assertThat(err.toString()).contains("There is no file nothing.csv");
        assertThat(run("send", "nothing.csv")).isEqualTo(2);
        assertThat(err.toString()).contains("--center");
    }
}
