package org.lifelog.load;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** That the benchmarks of the gateway run and print what they should; how fast it is, is not for tests to say. */
class BenchTest {
    @Test
    void readingsOverHttp() throws IOException {
        JsonNode figures = run("gateway-http", "--batch", "10", "--connections", "2", "--rate", "200");
        assertThroughput(figures, 10);
    }

    @Test
    void readingsOverMqtt() throws IOException {
        JsonNode figures = run("gateway-mqtt", "--connections", "3", "--window", "5", "--rate", "200");
        assertThroughput(figures, 1);
    }

    private static void assertThroughput(JsonNode figures, int readingsEach) {
        assertThat(figures.get("readingsEach").asInt()).isEqualTo(readingsEach);
        assertThat(figures.get("perSecond").asDouble()).isBetween(50.0, 800.0);
        assertThat(figures.get("mostPerSecond").asDouble()).isPositive();
        assertThat(figures.get("acknowledged").asDouble())
                .isGreaterThan(figures.get("mostPerSecond").asDouble());
        assertRising(figures, "p50Millis", "p99Millis", "p999Millis");
    }

    @Test
    void connectionsThatSendNothing() throws IOException {
        JsonNode figures = run("gateway-connections", "--idle", "40", "--half-open", "8", "--rate", "50");
        assertThat(figures.get("idleMqtt").asInt()).isEqualTo(20);
        assertThat(figures.get("idleHttp").asInt()).isEqualTo(20);
        assertThat(figures.get("halfOpen").asInt()).isEqualTo(8);
        assertThat(figures.get("halfOpenSeconds").asDouble()).isBetween(9.0, 15.0);
        assertThat(figures.get("usedWithAllMib").asDouble())
                .isBetween(1.0, figures.get("heapMib").asDouble());
        assertThat(figures.get("p99Millis").asDouble()).isPositive();
    }

    @Test
    void aCenterBesideOneThatSendsTooMuch() throws IOException {
        JsonNode figures = run("gateway-fairness", "--quota", "100", "--batch", "10", "--rounds", "1");
        assertThat(figures.get("perSecond").asDouble()).isBetween(10.0, 100.0);
        assertThat(figures.get("floodRefused").asDouble()).isPositive();
        assertThat(figures.get("p99Ratio").asDouble()).isPositive();
        assertRising(figures, "p50AloneMillis", "p99AloneMillis");
        assertRising(figures, "p50BesideMillis", "p99BesideMillis");
    }

    private static void assertRising(JsonNode figures, String... keys) {
        List<Double> values = new ArrayList<>();
        for (String key : keys) {
            values.add(figures.get(key).asDouble());
        }
        assertThat(values)
                .isSorted()
                .first()
                .satisfies(least -> assertThat(least).isPositive());
    }

    /** The line of JSON; every other line is one of the table. */
    private static JsonNode run(String name, String... options) throws IOException {
        List<String> arguments = new ArrayList<>(List.of(name, "--warm-up", "1", "--seconds", "1"));
        arguments.addAll(List.of(options));
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int exit = new CommandLine(new Bench())
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(arguments.toArray(String[]::new));
        assertThat(exit).as("%s%s", out, err).isZero();
        List<String> lines = out.toString().lines().toList();
        assertThat(lines.subList(0, lines.size() - 1))
                .allSatisfy(line -> assertThat(line).matches(".+\\s-?[\\d,.]+"));
        JsonNode figures = new ObjectMapper().readTree(lines.get(lines.size() - 1));
        assertThat(figures.get("bench").asText()).isEqualTo(name);
        assertThat(figures.size()).isEqualTo(lines.size());
        return figures;
    }
}
