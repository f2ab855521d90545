package org.lifelog.load;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;

/**
 * What a process of this machine takes, as the system tells it. Memory and limits are those of Linux; elsewhere there are
 * none.
 */
final class ProcessFigures {
    private final ProcessHandle process;

    ProcessFigures(ProcessHandle process) {
        this.process = process;
    }

    /** Processor time since it began, of all its threads, user and system, in steps of 10 ms. */
    Duration processorTime() {
        return process.info().totalCpuDuration().orElse(Duration.ZERO);
    }

    /** Memory that is resident, in KiB. */
    OptionalLong residentKib() {
        return number("status", "VmRSS:", 1);
    }

    /** How many files and sockets it may have open. */
    OptionalLong mostOpenFiles() {
        return number("limits", "Max open files", 3);
    }

    private OptionalLong number(String file, String line, int word) {
        try {
            List<String> lines = Files.readAllLines(Path.of("/proc", Long.toString(process.pid()), file));
            return lines.stream()
                    .filter(found -> found.startsWith(line))
                    .mapToLong(found -> Long.parseLong(found.split("\\s+")[word]))
                    .findFirst();
        } catch (IOException e) {
            return OptionalLong.empty();
        }
    }

    /** Has its JVM collect its garbage; false where this Java has no jcmd. */
    boolean collectGarbage() {
        try {
            return new ProcessBuilder(
                                    Path.of(System.getProperty("java.home"), "bin", "jcmd")
                                            .toString(),
                                    Long.toString(process.pid()),
                                    "GC.run")
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
