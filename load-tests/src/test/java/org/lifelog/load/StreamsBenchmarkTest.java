package org.lifelog.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class StreamsBenchmarkTest {
    @Test
    void goesThroughAllReadingsAndMeasuresTheState() {
        StreamsBenchmark benchmark = new StreamsBenchmark();
        StringWriter progress = new StringWriter();
        new CommandLine(benchmark)
                .setErr(new PrintWriter(progress))
                .parseArgs("--readings", "20000", "--heart-subjects", "5", "--glucose-subjects", "50");

        Figures figures = benchmark.run();

        assertThat(figures.get("readings")).isEqualTo(20_000);
        assertThat(figures.get("passThroughPerCore")).isPositive();
        assertThat(figures.get("decodedPerCore")).isPositive();
        assertThat(figures.get("streamsPerCore")).isPositive();
        assertThat(figures.get("heartChangelogBytes")).isBetween(1.0, 4.0);
        assertThat(figures.get("glucoseChangelogBytes")).isBetween(1.0, 5.0);
        assertThat(figures.get("heartDiskBytes")).isPositive();
        assertThat(figures.get("glucoseDiskBytes")).isPositive();
        assertThat(progress.toString()).contains("starting pass-through", "starting lifelog-streams");
    }
}
