package org.lifelog.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class SinkBenchmarkTest {
    @Test
    void storesAllReadingsEachWayAndMeasuresTheBytes() throws IOException {
        SinkBenchmark benchmark = new SinkBenchmark();
        StringWriter progress = new StringWriter();
        new CommandLine(benchmark)
                .setErr(new PrintWriter(progress))
                .parseArgs("--readings", "20000", "--glucose-subjects", "50", "--threads", "2", "--without-connect");

        Figures figures = benchmark.run();

        assertThat(figures.get("readings")).isEqualTo(20_000);
        assertThat(figures.get("copyPerSecond")).isPositive();
        assertThat(figures.get("firstPerSecond")).isPositive();
        assertThat(figures.get("againPerSecond")).isPositive();
        assertThat(figures.get("tableBytes")).isBetween(80.0, 200.0);
        assertThat(figures.get("indexBytes")).isBetween(20.0, 150.0);
        assertThat(progress.toString()).contains("starting lifelog-sink: first writes", "starting COPY by");
    }
}
