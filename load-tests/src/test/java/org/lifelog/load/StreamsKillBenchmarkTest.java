package org.lifelog.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class StreamsKillBenchmarkTest {
    @Test
    void everyWindowIsThatOfAPlainLoopAfterTwoKills() {
        StreamsKillBenchmark benchmark = new StreamsKillBenchmark();
        new CommandLine(benchmark)
                .setErr(new PrintWriter(new StringWriter()))
                .parseArgs("--rate", "500", "--seconds", "3", "--heart-subjects", "5", "--glucose-subjects", "50");

        Figures figures = benchmark.run(); // throws where a window differs

        assertThat(figures.get("windows")).isGreaterThan(100);
        assertThat(figures.get("readings")).isGreaterThan(3 * 500);
        assertThat(figures.get("outage1Seconds")).isPositive();
        assertThat(figures.get("outage2Seconds")).isPositive();
    }
}
