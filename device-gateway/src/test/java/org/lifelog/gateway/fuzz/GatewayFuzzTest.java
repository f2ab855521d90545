package org.lifelog.gateway.fuzz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.AppenderBase;
import io.netty.util.ResourceLeakDetector;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.lifelog.avro.Reading;
import org.lifelog.embedded.testing.Infrastructure;
import org.lifelog.gateway.ReadingsTopic;
import org.lifelog.gateway.RunningGateway;
import org.slf4j.LoggerFactory;

/**
 * 100,000 mutated messages, half of them over HTTP and half over MQTT, and what must hold all the same. Another seed with
 * {@code -Dlifelog.fuzz.seed=N}.
 */
class GatewayFuzzTest {
    private static final int MESSAGES = 100_000;
    private static final int SENDERS = 12;
    private static final long SEED = Long.getLong("lifelog.fuzz.seed", 20_261_125);
    /** Readings and devices that are there for good, and what the two measurements themselves differ by. */
    private static final long NOISE_BYTES = 2 << 20;

    private final Queue errors = new Queue();
    private final Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);

    /** What is logged as a fault, with where it comes from. */
    private static final class Queue extends AppenderBase<ILoggingEvent> {
        private final ConcurrentLinkedQueue<String> lines = new ConcurrentLinkedQueue<>();

        @Override
        protected void append(ILoggingEvent event) {
            if (event.getLevel().isGreaterOrEqual(Level.ERROR)
                    && !ofBroker(event.getLoggerName())
                    && lines.size() < 20) {
                lines.add(event.getLoggerName() + " " + event.getFormattedMessage() + " "
                        + (event.getThrowableProxy() == null
                                ? ""
                                : ThrowableProxyUtil.asString(event.getThrowableProxy())));
            }
        }

        /** The broker is in this process too, and complains of a machine that is busy. */
        private static boolean ofBroker(String logger) {
            return logger.startsWith("kafka.")
                    || logger.startsWith("org.apache.kafka.") && !logger.startsWith("org.apache.kafka.clients.");
        }
    }

    /** What the process has in use when it rests. */
    private record Use(long heap, long direct, int threads) {}

    @BeforeEach
    void watchTheLog() {
        errors.setContext(root.getLoggerContext());
        errors.start();
        root.addAppender(errors);
    }

    @AfterEach
    void leaveTheLog() {
        root.detachAppender(errors);
        ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.DISABLED);
    }

    @Test
    void mutatedMessagesDoNoHarm() throws Exception {
        System.out.println("fuzz seed " + SEED);
        try (RunningGateway gateway = started();
                ReadingsTopic topic = new ReadingsTopic(Infrastructure.kafka())) {
            // Vert.x turns it off. A buffer that was lost is told in the log as an error.
            ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.PARANOID);
            Sender.Seen seen = new Sender.Seen();
            Use first = half(gateway, seen, SEED, 0);
            Use second = half(gateway, seen, SEED + 1, SENDERS);
            System.out.println("fuzz: after half " + first + ", at the end " + second);

            // Of each sender's messages the last few may end before one is due.
            assertThat(seen.good())
                    .hasSizeBetween(MESSAGES / Sender.GOOD_EVERY - 4 * SENDERS, MESSAGES / Sender.GOOD_EVERY);
            assertThat(seen.acknowledged()).containsExactlyInAnyOrderElementsOf(seen.good());
            assertThat(stored(topic)).containsAll(seen.acknowledged());
            assertThat(second.heap()).isLessThan(first.heap() * 105 / 100 + NOISE_BYTES);
            assertThat(second.direct()).isLessThan(first.direct() * 105 / 100 + NOISE_BYTES);
            // Pools of the gateway and of the broker may still grow to their bounds; a thread that is lost with each
            // connection would be one of thousands.
            assertThat(second.threads()).isLessThan(first.threads() + 20);
            assertThat(gateway.ready()).isEqualTo(200);
            assertThat(gateway.meter("lifelog_gateway_bytes_underway")).isZero();
            assertThat(errors.lines).isEmpty();
        }
    }

    private static RunningGateway started() {
        RunningGateway.applyTopics(Infrastructure.kafka());
        RunningGateway gateway =
                new RunningGateway(Infrastructure.kafka(), Map.of("LIFELOG_GATEWAY_QUOTA", "100000000"));
        gateway.awaitReady();
        return gateway;
    }

    private Use half(RunningGateway gateway, Sender.Seen seen, long seed, int firstNumber) throws Exception {
        int each = MESSAGES / 4 / SENDERS;
        int rest = MESSAGES / 4 - each * SENDERS;
        List<Sender> senders = new ArrayList<>();
        for (int i = 0; i < SENDERS; i++) {
            int messages = i == 0 ? each + rest : each;
            senders.add(new HttpSender(seed, firstNumber + i, gateway.ports.http(), messages, seen));
            senders.add(new MqttSender(seed, 100 + firstNumber + i, gateway.ports.mqtt(), messages, seen));
        }
        ExecutorService threads = Executors.newFixedThreadPool(senders.size());
        try {
            for (Future<Void> sender : threads.invokeAll(senders)) {
                sender.get();
            }
        } finally {
            threads.shutdown();
        }
        assertThat(threads.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
        assertThat(seen.faults()).isEmpty();
        assertThat(errors.lines).isEmpty();
        for (String protocol : List.of("http", "mqtt")) {
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> gateway.meter("lifelog_gateway_connections{protocol=\"" + protocol + "\"}") == 0);
        }
        return use();
    }

    /** Collects until there is nothing more to collect. */
    private static Use use() {
        long heap = Long.MAX_VALUE;
        long before;
        do {
            before = heap;
            System.gc();
            heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
        } while (heap < before - before / 1_000);
        long direct = ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                .filter(pool -> pool.getName().equals("direct"))
                .mapToLong(BufferPoolMXBean::getMemoryUsed)
                .sum();
        return new Use(heap, direct, ManagementFactory.getThreadMXBean().getThreadCount());
    }

    private static Set<String> stored(ReadingsTopic topic) {
        Set<String> stored = new HashSet<>();
        topic.forEach(record -> {
            if (record.value() instanceof Reading reading
                    && reading.getSubject().startsWith("F-")) {
                stored.add(reading.getSubject() + "/" + reading.getSequence());
            }
        });
        return stored;
    }
}
