package org.lifelog.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class SinkDrillTest {
    @Test
    void everyReadingIsStoredOnceAfterFaultsOfAllKindsThatNeedNoRoot() {
        SinkDrill drill = new SinkDrill();
        new CommandLine(drill)
                .setErr(new PrintWriter(new StringWriter()))
                .parseArgs(
                        "--readings-per-second",
                        "500",
                        "--kills",
                        "1",
                        "--pause",
                        "2",
                        "--disk",
                        "0",
                        "--calm",
                        "1",
                        "--rebalance",
                        "4");

        Figures figures = drill.run(); // throws where one is lost, doubled or changed

        assertThat(figures.get("sent")).isGreaterThan(5_000);
        assertThat(figures.get("refused")).isPositive();
        assertThat(figures.get("stored")).isEqualTo(figures.get("sent") - figures.get("refused"));
        assertThat(figures.get("databaseKill1Seconds")).isPositive();
        assertThat(figures.get("sinkKill1Seconds")).isPositive();
    }
}
