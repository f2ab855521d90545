package org.lifelog.gateway.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileWatchTest {
    @TempDir
    private Path folder;

    private final FileWatch watch = new FileWatch(Duration.ofMillis(20));
    private final List<String> read = new CopyOnWriteArrayList<>();

    @AfterEach
    void close() {
        watch.close();
    }

    @Test
    void aFileThatChangesIsReadAgain() throws IOException {
        Path file = Files.writeString(folder.resolve("a"), "one");
        watch.watch("a", List.of(file), () -> read.add(Files.readString(file)));
        Files.writeString(file, "another");
        await().untilAsserted(() -> assertThat(read).containsOnly("another"));
    }

    /** As Kubernetes exchanges a secret. */
    @Test
    void aLinkThatPointsElsewhereIsReadAgain() throws IOException {
        Path first = Files.writeString(folder.resolve("first"), "one");
        Path second = Files.writeString(folder.resolve("second"), "two");
        Files.setLastModifiedTime(second, Files.getLastModifiedTime(first));
        Path link = Files.createSymbolicLink(folder.resolve("link"), first);
        watch.watch("link", List.of(link), () -> read.add(Files.readString(link)));
        Path next = Files.createSymbolicLink(folder.resolve("next"), second);
        Files.move(next, link, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        await().untilAsserted(() -> assertThat(read).containsExactly("two"));
    }

    @Test
    void afterAFaultItLooksOn() throws IOException {
        Path file = Files.writeString(folder.resolve("a"), "good");
        watch.watch("a", List.of(file), () -> {
            read.add(Files.readString(file));
            if (read.get(read.size() - 1).equals("bad file")) {
                throw new IllegalArgumentException("bad");
            }
        });
        Files.writeString(file, "bad file");
        await().untilAsserted(() -> assertThat(read).contains("bad file"));
        Files.writeString(file, "good again");
        await().untilAsserted(() -> assertThat(read).endsWith("good again"));
    }
}
