package org.lifelog.sink;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FirstWritesTest {
    private final FirstWrites firstWrites = new FirstWrites();

    /** Number of merges of new readings until it would copy again. */
    private int mergesUntilLikely() {
        int merges = 0;
        while (!firstWrites.likely()) {
            firstWrites.merged(true);
            merges++;
        }
        return merges;
    }

    @Test
    void readingsAreTakenToBeNewUntilOneIsNot() {
        assertThat(firstWrites.likely()).isTrue();
        firstWrites.refused();
        assertThat(firstWrites.likely()).isFalse();
    }

    @Test
    void batchesWithKnownReadingsAreNoReasonToCopyAgain() {
        firstWrites.refused();
        for (int i = 0; i < 1_000; i++) {
            firstWrites.merged(false);
        }
        assertThat(mergesUntilLikely()).isEqualTo(1);
    }

    @Test
    void eachFailureDoublesTheWaitUpToABound() {
        for (int expected : new int[] {1, 2, 4, 8, 16, 32, 64, 64, 64}) {
            firstWrites.refused();
            assertThat(mergesUntilLikely()).isEqualTo(expected);
        }
    }

    @Test
    void successesShortenIt() {
        firstWrites.refused();
        firstWrites.refused();
        mergesUntilLikely();
        firstWrites.copied();
        firstWrites.copied();
        firstWrites.refused();
        assertThat(mergesUntilLikely()).isEqualTo(2);
    }
}
