package org.lifelog.load;

import java.util.List;
import java.util.Map;

/**
 * What the gateway can take and what that costs: first as fast as it acknowledges, then by a schedule at seven tenths of
 * that. Kafka, the load and the gateway share the processors, so the first figure is that of the machine; readings for
 * each processor second are the gateway's own.
 */
final class ThroughputBenchmark {
    static final String CENTER = "isens";

    private static final double SHARE = 0.7;

    /** Makes the connections. */
    interface Connections {
        Load of(GatewayLoad load);
    }

    private ThroughputBenchmark() {}

    /**
     * Runs it.
     *
     * @param name of the benchmark
     * @param perSecond readings a second to measure at; 0 for seven tenths of the most
     * @throws IllegalStateException where readings were refused, or Kafka does not have all that were acknowledged
     */
    static Figures run(
            String name, GatewayOptions options, int readingsEach, double perSecond, Connections connections) {
        try (BenchGateway gateway =
                        new BenchGateway(options, List.of(CENTER), Map.of("LIFELOG_GATEWAY_QUOTA", "100000000"));
                GatewayLoad generator = new GatewayLoad(gateway)) {
            Load load = connections.of(generator);
            GatewayLoad.await(load.open());
            GatewayLoad.Measured warm = generator.run(load, readingsEach, Load.CLOSED_LOOP, options.warmUp());
            GatewayLoad.Measured most = generator.run(load, readingsEach, Load.CLOSED_LOOP, options.measured());
            double rate = perSecond > 0 ? perSecond : SHARE * most.perSecond();
            GatewayLoad.Measured steady = generator.run(load, readingsEach, rate / readingsEach, options.measured());
            double acknowledged = warm.readings() + most.readings() + steady.readings();
            long stored = generator.recordsInTopic();
            if (stored != (long) acknowledged) {
                throw new IllegalStateException(
                        "Kafka has " + stored + " readings and " + (long) acknowledged + " were acknowledged");
            }
            load.close();
            return figures(name, readingsEach, most, steady)
                    .add("acknowledged", "readings acknowledged and in Kafka", acknowledged, 0)
                    .add("residentMib", "memory of the gateway, MiB resident", residentMib(gateway), 0);
        }
    }

    private static double residentMib(BenchGateway gateway) {
        return gateway.figures().residentKib().orElse(0) / 1024.0;
    }

    private static Figures figures(
            String name, int readingsEach, GatewayLoad.Measured most, GatewayLoad.Measured steady) {
        return new Figures(name)
                .add("readingsEach", "readings in a message", readingsEach, 0)
                .add("mostPerSecond", "at the most: readings/s", most.perSecond(), 0)
                .add("mostPerCore", "at the most: readings/s for each core of the gateway", most.perCore(), 0)
                .add("mostCores", "at the most: cores of the gateway", cores(most), 2)
                .add("mostP50Millis", "at the most: p50, ms", millis(most, 50), 2)
                .add("mostP99Millis", "at the most: p99, ms", millis(most, 99), 2)
                .add("perSecond", "by schedule: readings/s", steady.perSecond(), 0)
                .add("perCore", "by schedule: readings/s for each core of the gateway", steady.perCore(), 0)
                .add(
                        "processorSecondsPer1000",
                        "by schedule: processor seconds of the gateway per 1,000",
                        1_000 / steady.perCore(),
                        4)
                .add("p50Millis", "by schedule: p50, ms", millis(steady, 50), 2)
                .add("p99Millis", "by schedule: p99, ms", millis(steady, 99), 2)
                .add("p999Millis", "by schedule: p99.9, ms", millis(steady, 99.9), 2);
    }

    private static double cores(GatewayLoad.Measured measured) {
        return measured.processorSeconds() / measured.result().seconds();
    }

    private static double millis(GatewayLoad.Measured measured, double percentile) {
        return GatewayLoad.millis(measured.result().micros(), percentile);
    }
}
