package org.lifelog.portal;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class WorklistSnapshotTest {
    private static final WorklistSnapshot SNAPSHOT = snapshot(List.of(
            entry("c", 30, 0),
            entry("a", 20, 2),
            entry("B", WorklistSnapshot.NEVER, 0),
            entry("d", 10, 2),
            entry("ab", 30, 0)));

    @Test
    void orders() {
        assertThat(codes(WorklistSnapshot.Sort.CODE, "", 0, 9)).containsExactly("B", "a", "ab", "c", "d");
        assertThat(codes(WorklistSnapshot.Sort.STALENESS, "", 0, 9)).containsExactly("B", "d", "a", "ab", "c");
        assertThat(codes(WorklistSnapshot.Sort.RISK, "", 0, 9)).containsExactly("d", "a", "B", "ab", "c");
    }

    @Test
    void pagesOfWhatIsFound() {
        assertThat(codes(WorklistSnapshot.Sort.CODE, "B", 0, 1)).containsExactly("B");
        assertThat(codes(WorklistSnapshot.Sort.CODE, "B", 1, 1)).containsExactly("ab");
        assertThat(codes(WorklistSnapshot.Sort.CODE, "B", 2, 1)).isEmpty();
        assertThat(SNAPSHOT.part(WorklistSnapshot.Sort.RISK, "b", 0, 1).total()).isEqualTo(2);
        assertThat(codes(WorklistSnapshot.Sort.CODE, "%", 0, 9)).isEmpty();
    }

    @Test
    void allPagesHoldEachSubjectOnce() {
        List<WorklistSnapshot.Entry> entries = new ArrayList<>();
        for (int i = 0; i < 1_234; i++) {
            entries.add(entry("S-" + i, i * 7 % 100, i % 5));
        }
        WorklistSnapshot many = snapshot(entries);
        for (WorklistSnapshot.Sort sort : WorklistSnapshot.Sort.values()) {
            Set<String> seen = new HashSet<>();
            for (int page = 0; page < 25; page++) {
                many.part(sort, "", page * 50L, 50).entries().forEach(entry -> seen.add(entry.subject()));
            }
            assertThat(seen).hasSize(1_234);
        }
    }

    private static List<String> codes(WorklistSnapshot.Sort sort, String search, long offset, int size) {
        return SNAPSHOT.part(sort, search, offset, size).entries().stream()
                .map(WorklistSnapshot.Entry::subject)
                .toList();
    }

    private static WorklistSnapshot snapshot(List<WorklistSnapshot.Entry> entries) {
        return new WorklistSnapshot(Instant.EPOCH, Duration.ZERO, entries);
    }

    private static WorklistSnapshot.Entry entry(String subject, long last, double score) {
        return new WorklistSnapshot.Entry(subject, last, new Risk(List.of(), score));
    }
}
