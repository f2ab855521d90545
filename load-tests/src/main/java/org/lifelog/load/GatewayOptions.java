package org.lifelog.load;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** What the benchmarks of the gateway have in common: the gateway's JVM, and how long is measured. */
final class GatewayOptions {
    @Option(
            names = "--heap",
            paramLabel = "MIB",
            defaultValue = "384",
            description = "Most heap of the gateway, in MiB. Default: ${DEFAULT-VALUE}")
    int heapMib;

    @Option(
            names = "--java-option",
            paramLabel = "OPTION",
            description = "One more option of the gateway's JVM, such as -XX:+UseG1GC; may be given several times.")
    List<String> javaOptions = new ArrayList<>();

    @Option(
            names = "--warm-up",
            paramLabel = "SECONDS",
            defaultValue = "15",
            description = "How long to send before anything is measured. Default: ${DEFAULT-VALUE}")
    int warmUpSeconds;

    @Option(
            names = "--seconds",
            defaultValue = "15",
            description = "How long each thing is measured. Default: ${DEFAULT-VALUE}")
    int seconds;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    private boolean help;

    Duration warmUp() {
        return Duration.ofSeconds(warmUpSeconds);
    }

    Duration measured() {
        return Duration.ofSeconds(seconds);
    }

    /** The command that runs a main class in a JVM as {@code ./lifelog up} starts its services. */
    List<String> command(Class<?> main) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-Xmx" + heapMib + "m");
        command.add("-XX:+UseSerialGC");
        command.add("-XX:+ExitOnOutOfMemoryError");
        command.add("-Duser.timezone=UTC");
        if (Runtime.version().feature() >= 22) {
            command.add("--enable-native-access=ALL-UNNAMED");
        }
        command.addAll(javaOptions);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        return command;
    }
}
