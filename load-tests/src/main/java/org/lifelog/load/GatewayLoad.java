package org.lifelog.load;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.HdrHistogram.Histogram;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;
import org.lifelog.contract.Topic;

/** The thread that loads a {@link BenchGateway}, and what is measured while it does. */
final class GatewayLoad implements AutoCloseable {
    /**
     * What one run took.
     *
     * @param processorSeconds of the gateway
     */
    record Measured(Load.Result result, int readingsEach, double processorSeconds) {
        double readings() {
            return (double) result.taken() * readingsEach;
        }

        double perSecond() {
            return result.perSecond() * readingsEach;
        }

        /** Readings for each second that one processor works in the gateway. */
        double perCore() {
            return readings() / processorSeconds;
        }
    }

    private static final long WAIT_SECONDS = 120;

    private final BenchGateway gateway;
    private final EventLoopGroup thread = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());

    GatewayLoad(BenchGateway gateway) {
        this.gateway = gateway;
    }

    /** Connections that publish single readings of a center over MQTT, with so many unanswered messages each. */
    Load mqtt(String center, String name, int connections, int window, boolean stubborn) {
        SampleReadings readings = SampleReadings.single();
        int[] next = {0};
        return new Load(
                thread.next(),
                gateway.mqtt(),
                connections,
                stubborn,
                owner -> new MqttLoad(
                        owner, window, name + "-" + next[0]++, center, gateway.account(center), readings, 600));
    }

    /** Connections that post batches of a center over HTTP. */
    Load http(String center, int connections, int batch, boolean stubborn) {
        SampleReadings readings = SampleReadings.batches(batch);
        return new Load(
                thread.next(),
                gateway.http(),
                connections,
                stubborn,
                owner -> new HttpLoad(owner, "127.0.0.1", center, gateway.account(center), readings));
    }

    EventLoopGroup thread() {
        return thread;
    }

    /** Sends and measures. */
    Measured run(Load load, int readingsEach, double perSecond, Duration duration) {
        ProcessFigures process = gateway.figures();
        Duration before = process.processorTime();
        Load.Result result = await(load.run(perSecond, duration));
        Duration took = process.processorTime().minus(before);
        if (result.refused() > 0) {
            throw new IllegalStateException(result.refused() + " messages were refused");
        }
        return new Measured(result, readingsEach, took.toNanos() / 1e9);
    }

    static <T> T await(CompletableFuture<T> future) {
        try {
            return future.get(WAIT_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException known ? known : new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } catch (TimeoutException e) {
            throw new IllegalStateException("not done within " + WAIT_SECONDS + " s", e);
        }
    }

    /** How many records lifelog.readings has taken since it came to be. */
    long recordsInTopic() {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", gateway.kafka()))) {
            String topic = Topic.READINGS.topicName();
            Map<TopicPartition, OffsetSpec> partitions =
                    admin.describeTopics(List.of(topic)).allTopicNames().get().get(topic).partitions().stream()
                            .collect(Collectors.toMap(
                                    partition -> new TopicPartition(topic, partition.partition()),
                                    partition -> OffsetSpec.latest()));
            return admin.listOffsets(partitions).all().get().values().stream()
                    .mapToLong(end -> end.offset())
                    .sum();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    static double millis(Histogram micros, double percentile) {
        return micros.getValueAtPercentile(percentile) / 1e3;
    }

    @Override
    public void close() {
        thread.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }
}
