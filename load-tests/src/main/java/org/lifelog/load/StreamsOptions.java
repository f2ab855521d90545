package org.lifelog.load;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** What the benchmarks of the streams have in common: what is sent, and the JVM of an application. */
final class StreamsOptions {
    @Option(
            names = "--heart-subjects",
            defaultValue = "50",
            description = "Subjects with a heart rate each second. Default: ${DEFAULT-VALUE}")
    int heartSubjects;

    @Option(
            names = "--glucose-subjects",
            defaultValue = "1000",
            description = "Subjects with glucose every five minutes. Default: ${DEFAULT-VALUE}")
    int glucoseSubjects;

    @Option(
            names = "--threads",
            defaultValue = "1",
            description = "Threads of an application. Default: ${DEFAULT-VALUE}")
    int threads;

    @Option(
            names = "--heap",
            paramLabel = "MIB",
            defaultValue = "512",
            description = "Most heap of an application, in MiB. Default: ${DEFAULT-VALUE}")
    int heapMib;

    @Option(
            names = "--java-option",
            paramLabel = "OPTION",
            description = "One more option of an application's JVM; may be given several times.")
    List<String> javaOptions = new ArrayList<>();

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    private boolean help;

    /** The command that runs a main class in a JVM as {@code ./lifelog up} starts its services. */
    List<String> command(Class<?> main) {
        return command(main.getName(), System.getProperty("java.class.path"));
    }

    /** The same with a class path of its own, and arguments. */
    List<String> command(String main, String classPath, String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-Xmx" + heapMib + "m", "-XX:+UseSerialGC", "-XX:+ExitOnOutOfMemoryError"));
        command.add("-Duser.timezone=UTC");
        if (Runtime.version().feature() >= 22) {
            command.add("--enable-native-access=ALL-UNNAMED");
        }
        command.addAll(javaOptions);
        command.addAll(List.of("-cp", classPath, main));
        command.addAll(List.of(arguments));
        return command;
    }
}
