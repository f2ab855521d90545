package org.lifelog.streams.research;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RecentlyUsedTest {
    @Test
    void whatWasUsedLongestAgoIsForgotten() {
        RecentlyUsed<Integer, String> seen = new RecentlyUsed<>();
        for (int i = 0; i < RecentlyUsed.MOST; i++) {
            seen.put(i, "value");
        }
        seen.get(0);
        seen.computeIfAbsent(RecentlyUsed.MOST, i -> "one more");
        assertThat(seen)
                .hasSize(RecentlyUsed.MOST)
                .containsKeys(0, RecentlyUsed.MOST)
                .doesNotContainKey(1);
    }
}
