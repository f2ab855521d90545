package org.lifelog.streams.research;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lifelog.contract.Catalogue;
import org.lifelog.contract.Centers;

class ResearchTest {
    private final Centers centers = Centers.load(Catalogue.load());

    @TempDir
    private Path folder;

    @Test
    void centersWithKeysHaveTopics() throws Exception {
        assertThat(Research.load(Optional.empty(), centers).topics()).isEmpty();
        assertThat(Research.load(Optional.of(folder), centers).topics()).isEmpty();

        Files.writeString(folder.resolve("isens.yaml"), Releases.file("r1", 26));
        assertThat(Research.load(Optional.of(folder), centers).topics())
                .containsExactly("lifelog.research.isens.readings", "lifelog.research.isens.aggregates");
        assertThat(new Research(Map.of(), centers).topics()).isEmpty();
    }

    @Test
    void wrongKeysAreRefusedAtTheStart() throws Exception {
        Files.writeString(folder.resolve("isens.yaml"), Releases.file("r1", 1000));
        assertThatExceptionOfType(KeysException.class)
                .isThrownBy(() -> Research.load(Optional.of(folder), centers))
                .withMessageContaining("isens.yaml: date_shift_weeks");
    }
}
