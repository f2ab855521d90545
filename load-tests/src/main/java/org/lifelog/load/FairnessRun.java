package org.lifelog.load;

import java.time.Duration;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.HdrHistogram.Histogram;

/** One run of {@link GatewayFairnessBenchmark}. Each center is sent by a thread of its own. */
final class FairnessRun {
    /** The center that sends more than it may. */
    static final String FLOODING = "goodoc";

    private static final String STEADY = ThroughputBenchmark.CENTER;
    private static final double SHARE_OF_QUOTA = 0.5;
    private static final int CONNECTIONS = 20;
    private static final int WINDOW = 50;
    /** The quota allows a burst of ten seconds; a flood of ten times the quota is through it after a little more than one. */
    private static final Duration LEAD = Duration.ofSeconds(2);

    /** The connections of the center that sends too much, and how many readings are in a message of it. */
    record Flood(Load load, int readingsEach) {}

    private final GatewayOptions options;
    private final int quota;
    private final double times;
    private final int rounds;
    private final Histogram alone = new Histogram(3);
    private final Histogram beside = new Histogram(3);
    private final DoubleSummaryStatistics ratios = new DoubleSummaryStatistics();
    private double aloneSeconds;
    private double besideSeconds;
    private double floodSeconds;
    private long floodTaken;
    private long floodRefused;

    /**
     * A run that has not begun.
     *
     * @param quota readings a second of each center
     * @param times how many times that the flooding one sends
     */
    FairnessRun(GatewayOptions options, int quota, double times, int rounds) {
        this.options = options;
        this.quota = quota;
        this.times = times;
        this.rounds = rounds;
    }

    /**
     * Starts a gateway and measures.
     *
     * @throws IllegalStateException where a reading of the steady center was not taken
     */
    Figures run(Function<GatewayLoad, Flood> flooding) {
        Map<String, String> settings = Map.of("LIFELOG_GATEWAY_QUOTA", Integer.toString(quota));
        try (BenchGateway gateway = new BenchGateway(options, List.of(STEADY, FLOODING), settings);
                GatewayLoad generator = new GatewayLoad(gateway);
                GatewayLoad floodGenerator = new GatewayLoad(gateway)) {
            Load steady = generator.mqtt(STEADY, "steady", CONNECTIONS, WINDOW, false);
            Flood flood = flooding.apply(floodGenerator);
            GatewayLoad.await(steady.open());
            GatewayLoad.await(flood.load().open());
            beside(generator, steady, flood, options.warmUp());
            for (int round = 0; round < rounds; round++) {
                round(generator, steady, flood);
            }
            steady.close();
            flood.load().close();
        }
        return figures();
    }

    private void round(GatewayLoad generator, Load steady, Flood flood) {
        send(generator, steady, LEAD);
        GatewayLoad.Measured without = send(generator, steady, options.measured());
        GatewayLoad.Measured with = beside(generator, steady, flood, options.measured());
        alone.add(without.result().micros());
        beside.add(with.result().micros());
        aloneSeconds += without.processorSeconds();
        besideSeconds += with.processorSeconds();
        ratios.accept(p99(with.result().micros()) / p99(without.result().micros()));
    }

    private GatewayLoad.Measured send(GatewayLoad generator, Load steady, Duration duration) {
        return generator.run(steady, 1, SHARE_OF_QUOTA * quota, duration);
    }

    /** Sends beside the flood, which begins a little earlier. */
    private GatewayLoad.Measured beside(GatewayLoad generator, Load steady, Flood flood, Duration duration) {
        CompletableFuture<Load.Result> flooded =
                flood.load().run(times * quota / flood.readingsEach(), LEAD.plus(duration));
        send(generator, steady, LEAD);
        GatewayLoad.Measured measured = send(generator, steady, duration);
        Load.Result flooding = GatewayLoad.await(flooded);
        floodSeconds += flooding.seconds();
        floodTaken += flooding.taken() * flood.readingsEach();
        floodRefused += flooding.refused() * flood.readingsEach();
        return measured;
    }

    private static double p99(Histogram micros) {
        return GatewayLoad.millis(micros, 99);
    }

    private Figures figures() {
        double seconds = rounds * options.measured().toSeconds();
        return new Figures("gateway-fairness")
                .add("quota", "quota of each center, readings/s", quota, 0)
                .add("times", "times its quota that the other center sends", times, 1)
                .add("floodTaken", "of it taken, readings/s", floodTaken / floodSeconds, 0)
                .add("floodRefused", "of it refused, readings/s", floodRefused / floodSeconds, 0)
                .add("perSecond", "the steady center: readings/s", alone.getTotalCount() / seconds, 0)
                .add("p50AloneMillis", "its p50 alone, ms", GatewayLoad.millis(alone, 50), 2)
                .add("p50BesideMillis", "its p50 beside the flood, ms", GatewayLoad.millis(beside, 50), 2)
                .add("p99AloneMillis", "its p99 alone, ms", p99(alone), 2)
                .add("p99BesideMillis", "its p99 beside the flood, ms", p99(beside), 2)
                .add("p99Ratio", "p99 beside / p99 alone, all rounds", p99(beside) / p99(alone), 2)
                .add("p99LowestRatio", "the lowest of a round", ratios.getMin(), 2)
                .add("p99HighestRatio", "the highest of a round", ratios.getMax(), 2)
                .add("coresAlone", "cores of the gateway, alone", aloneSeconds / seconds, 2)
                .add("coresBeside", "cores of the gateway, beside the flood", besideSeconds / seconds, 2);
    }
}
