package org.lifelog.embedded.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.function.Function;
import java.util.stream.Stream;

/** Services that live as long as this JVM, on directories that do not outlive it. */
final class TemporaryService {

    private TemporaryService() {}

    /** Starts a service on a new directory; when this JVM ends it is closed and the directory deleted. */
    static <S extends AutoCloseable> S start(String name, Function<Path, S> start) {
        try {
            Path directory = Files.createTempDirectory("lifelog-test-" + name + "-");
            S service = start.apply(directory);
            Runtime.getRuntime().addShutdownHook(new Thread(() -> end(service, directory), "end-" + name));
            return service;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void end(AutoCloseable service, Path directory) {
        try {
            service.close();
            try (Stream<Path> files = Files.walk(directory)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        } catch (Exception e) {
            System.err.println("left behind: " + directory + ": " + e);
        }
    }
}
