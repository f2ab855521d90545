package org.lifelog.load;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** One run of {@link GatewayConnectionsBenchmark} against a gateway. */
final class ConnectionsRun implements AutoCloseable {
    /** Files that the gateway, and this process with Kafka, have open beside the connections; with a reserve. */
    static final int OTHER_FILES = 1_000;

    private static final String CENTER = ThroughputBenchmark.CENTER;
    private static final int SENDERS = 10;
    private static final int SENDERS_WINDOW = 50;
    private static final int KEEP_ALIVE_SECONDS = 1_200;
    /** The gateway promises ten. */
    private static final long MOST_HALF_OPEN_SECONDS = 15;

    private final BenchGateway gateway;
    private final GatewayOptions options;
    private final double rate;
    private final GatewayLoad generator;
    private final GatewayLoad crowds;
    private final List<Crowd> idle = new ArrayList<>();

    /**
     * A run that has not begun.
     *
     * @param rate readings a second that are sent over other connections
     */
    ConnectionsRun(BenchGateway gateway, GatewayOptions options, double rate) {
        this.gateway = gateway;
        this.options = options;
        this.rate = rate;
        this.generator = new GatewayLoad(gateway);
        this.crowds = new GatewayLoad(gateway);
    }

    /**
     * Opens connections and measures.
     *
     * @throws IllegalStateException where the gateway closed what it should not, or did not close what it should
     */
    Figures figures(int idleConnections, int halfOpenConnections) {
        Load load = generator.mqtt(CENTER, "sender", SENDERS, SENDERS_WINDOW, false);
        GatewayLoad.await(load.open());
        send(load, options.warmUp());
        Load.Result alone = send(load, options.measured());
        double before = heapKib();
        int overMqtt = open(mqtt(idleConnections / 2));
        double withMqtt = heapKib();
        int overHttp = open(http(idleConnections / 2));
        double withHttp = heapKib();
        List<Crowd> halfOpen = halfOpen(halfOpenConnections / 4);
        int half = halfOpen.stream()
                .mapToInt(crowd -> GatewayLoad.await(crowd.open()))
                .sum();
        double withHalf = heapKib();
        Load.Result among = send(load, Duration.ofSeconds(Math.min(5, options.seconds)));
        double closedSeconds = closedAfter(halfOpen);
        checkOpen(overMqtt + overHttp);
        load.close();
        return new Figures("gateway-connections")
                .add("heapMib", "most heap of the gateway, MiB", options.heapMib, 0)
                .add("idleMqtt", "idle connections over MQTT", overMqtt, 0)
                .add("idleHttp", "idle connections over HTTP", overHttp, 0)
                .add("halfOpen", "half-open connections beside them", half, 0)
                .add("usedMib", "heap in use before, MiB", before / 1_024, 1)
                .add("usedWithAllMib", "heap in use with all, MiB", withHalf / 1_024, 1)
                .add("kibOfMqtt", "heap of an idle connection over MQTT, KiB", (withMqtt - before) / overMqtt, 2)
                .add("kibOfHttp", "heap of an idle connection over HTTP, KiB", (withHttp - withMqtt) / overHttp, 2)
                .add("kibOfHalfOpen", "heap of a half-open connection, KiB", (withHalf - withHttp) / half, 2)
                .add("residentMib", "memory of the gateway, MiB resident", residentMib(), 0)
                .add("halfOpenSeconds", "all half-open ones closed by the gateway after, s", closedSeconds, 1)
                .add("perSecond", "readings/s over other connections", among.perSecond(), 0)
                .add("p99AloneMillis", "their p99 before, ms", GatewayLoad.millis(alone.micros(), 99), 2)
                .add("p99Millis", "their p99 with all connections, ms", GatewayLoad.millis(among.micros(), 99), 2);
    }

    private Load.Result send(Load load, Duration duration) {
        return generator.run(load, 1, rate, duration).result();
    }

    private int open(Crowd crowd) {
        idle.add(crowd);
        return GatewayLoad.await(crowd.open());
    }

    private Crowd mqtt(int connections) {
        SampleReadings readings = SampleReadings.single();
        return crowd(
                gateway.mqtt(),
                connections,
                (owner, number) -> new MqttLoad(
                        owner, 1, "idle-" + number, CENTER, gateway.account(CENTER), readings, KEEP_ALIVE_SECONDS));
    }

    private Crowd http(int connections) {
        SampleReadings readings = SampleReadings.batches(1);
        return crowd(
                gateway.http(),
                connections,
                (owner, number) -> new IdleHttp(owner, "127.0.0.1", CENTER, gateway.account(CENTER), readings));
    }

    private List<Crowd> halfOpen(int connectionsEach) {
        return List.of(
                crowd(gateway.mqtt(), connectionsEach, (owner, number) -> new HalfOpen(owner, "")),
                crowd(
                        gateway.mqtt(),
                        connectionsEach,
                        (owner, number) -> new HalfOpen(owner, HalfOpen.PART_OF_CONNECT)),
                crowd(gateway.http(), connectionsEach, (owner, number) -> new HalfOpen(owner, "")),
                crowd(
                        gateway.http(),
                        connectionsEach,
                        (owner, number) -> new HalfOpen(owner, HalfOpen.PART_OF_REQUEST)));
    }

    private Crowd crowd(InetSocketAddress address, int connections, Crowd.Maker maker) {
        return new Crowd(crowds.thread().next(), address, connections, maker);
    }

    private double heapKib() {
        gateway.figures().collectGarbage();
        return gateway.meter("jvm_memory_used_bytes", "area=\"heap\"") / 1_024;
    }

    private double residentMib() {
        return gateway.figures().residentKib().orElse(0) / 1_024.0;
    }

    private static double closedAfter(List<Crowd> crowds) {
        return crowds.stream()
                .mapToDouble(
                        crowd -> GatewayLoad.await(crowd.gone().orTimeout(MOST_HALF_OPEN_SECONDS, TimeUnit.SECONDS)))
                .max()
                .orElseThrow();
    }

    private void checkOpen(int opened) {
        int left = idle.stream().mapToInt(Crowd::size).sum();
        if (left < opened) {
            throw new IllegalStateException("Of " + opened + " idle connections " + left + " are left");
        }
    }

    @Override
    public void close() {
        idle.forEach(Crowd::close);
        crowds.close();
        generator.close();
    }
}
