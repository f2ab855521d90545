package org.lifelog.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lifelog.contract.Catalogue;
import org.lifelog.contract.Center;
import org.lifelog.contract.Centers;
import org.lifelog.streams.research.Release;
import org.lifelog.streams.research.ResearchKeys;

class ResearchFolderTest {
    private final Centers centers = Centers.load(Catalogue.load());

    @Test
    void everyCenterHasKeysOnceAndOnlyPersonsDatesAreShifted(@TempDir Path data) {
        ResearchFolder.prepare(data, centers);
        Map<String, Release> first = new ResearchKeys(ResearchFolder.of(data)).load(centers);
        ResearchFolder.prepare(data, centers);

        assertThat(new ResearchKeys(ResearchFolder.of(data)).load(centers)).isEqualTo(first);
        for (Center center : centers.all()) {
            assertThat(first.get(center.code()).dateShiftWeeks()).isEqualTo(center.site() ? 0 : 26);
        }
    }
}
