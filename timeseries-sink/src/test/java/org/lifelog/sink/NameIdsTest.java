package org.lifelog.sink;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class NameIdsTest {
    private final SinkDatabase database = new SinkDatabase("names");

    private static NameIds<String> devices() {
        return new NameIds<>(
                "device", "device_id", List.of("center", "device"), List.of(), name -> List.of("isens", name));
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void nameKeepsItsNumberAcrossInstances() throws SQLException {
        Map<String, Long> first = devices().resolve(database.source(), List.of("a", "b"));
        Map<String, Long> second = devices().resolve(database.source(), List.of("b", "c"));

        assertThat(first).containsOnlyKeys("a", "b");
        assertThat(second.get("b")).isEqualTo(first.get("b"));
        assertThat(second.get("c")).isNotIn(first.values());
    }

    @Test
    void severalAtOnceAgree() throws Exception {
        List<String> names =
                IntStream.range(0, 300).mapToObj(i -> "device-" + i).toList();
        ExecutorService threads = Executors.newFixedThreadPool(4);
        List<Callable<Map<String, Long>>> tasks = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            tasks.add(() -> devices().resolve(database.source(), names));
        }

        Map<String, Long> first = null;
        for (var result : threads.invokeAll(tasks)) {
            first = first == null ? result.get() : first;
            assertThat(result.get()).hasSize(300).isEqualTo(first);
        }
        threads.shutdown();
        assertThat(database.query("SELECT count(*) FROM device")).containsExactly("300");
    }
}
