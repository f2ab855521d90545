package org.lifelog.load;

import com.hivemq.client.mqtt.datatypes.MqttQos;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.HdrHistogram.Histogram;

/**
 * A gateway under load whose Kafka goes away and comes back, and which is itself killed. Senders over HTTP, and over MQTT
 * with QoS 1 and 2, send everything again until it is acknowledged.
 */
final class OutageDrill {
    static final String QOS_1 = DrillMqttSender.protocol(MqttQos.AT_LEAST_ONCE);
    static final String QOS_2 = DrillMqttSender.protocol(MqttQos.EXACTLY_ONCE);
    static final List<String> PROTOCOLS = List.of(DrillHttpSender.PROTOCOL, QOS_1, QOS_2);
    /** What is answered: messages of each protocol, and CONNECT of MQTT. */
    static final List<String> ANSWERED = List.of(DrillHttpSender.PROTOCOL, QOS_1, QOS_2, DrillMqttSender.CONNECT);

    private static final Duration LAST_ACKNOWLEDGEMENTS = Duration.ofSeconds(60);
    /** What was sent before the breaker opened may still wait. */
    private static final long OPEN_AFTER_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** How Kafka goes away. */
    enum Way {
        /** SIGSTOP: its connections stay, and nobody answers. */
        PAUSE,
        /** SIGKILL: connections are refused until it is started on the same data. */
        KILL
    }

    /**
     * What is done.
     *
     * @param calm between two faults, and before the first
     * @param senders of each protocol
     * @param perSecond readings of one sender
     */
    record Plan(List<Way> outages, Duration outage, int gatewayKills, Duration calm, int senders, int perSecond) {}

    /**
     * What one outage looked like. Times in milliseconds from its beginning, or from Kafka's return; -1 for never.
     *
     * @param firstUnavailable by protocol: the first 503, 0x89 or 0x88
     * @param answers latencies of all answers that were waited for in the outage, in microseconds, by protocol
     * @param answersOpen the same of what was sent while the breaker was open
     * @param readyMeanwhile whether it said that it was ready before Kafka was back
     */
    record Outage(
            Way way,
            Map<String, Long> firstUnavailable,
            Map<String, Histogram> answers,
            Map<String, Histogram> answersOpen,
            long notReadyAfter,
            boolean readyMeanwhile,
            long readyAgainAfter,
            Map<String, Long> firstAcknowledged) {}

    /** What came out, by protocol. */
    record Result(
            List<Outage> outages, Map<String, DrillTopic.Count> counts, Map<String, Long> others, int sessionsLost) {}

    private final Plan plan;
    private final DrillGround ground;
    private final Consumer<String> progress;
    private final Answers answers = new Answers();
    private final Map<String, List<DrillSender>> senders = new LinkedHashMap<>();

    private OutageDrill(Plan plan, DrillGround ground, Consumer<String> progress) {
        this.plan = plan;
        this.ground = ground;
        this.progress = progress;
        for (int i = 0; i < plan.senders(); i++) {
            add(DrillHttpSender.PROTOCOL, new DrillHttpSender(ground, "drill-http-" + i, plan.perSecond(), answers));
            add(QOS_1, new DrillMqttSender(ground, "drill-one-" + i, MqttQos.AT_LEAST_ONCE, plan.perSecond(), answers));
            add(QOS_2, new DrillMqttSender(ground, "drill-two-" + i, MqttQos.EXACTLY_ONCE, plan.perSecond(), answers));
        }
    }

    private void add(String protocol, DrillSender sender) {
        senders.computeIfAbsent(protocol, p -> new ArrayList<>()).add(sender);
    }

    /**
     * Runs it, with all that it needs in processes of their own.
     *
     * @param folder for data and logs
     * @param progress takes lines for people
     */
    static Result run(Plan plan, Path folder, Consumer<String> progress) throws InterruptedException, IOException {
        progress.accept("starting Kafka, schema registry and gateway");
        try (DrillGround ground = DrillGround.start(folder)) {
            return new OutageDrill(plan, ground, progress).run();
        }
    }

    private Result run() throws InterruptedException, IOException {
        List<DrillSender> all = senders.values().stream().flatMap(List::stream).toList();
        try {
            all.forEach(DrillSender::start);
            calm();
            List<Outage> outages = new ArrayList<>();
            for (Way way : plan.outages()) {
                outages.add(outage(way));
                calm();
            }
            for (int i = 0; i < plan.gatewayKills(); i++) {
                progress.accept("the gateway is killed");
                ground.gateway().kill();
                ground.gateway().start();
                DrillGround.await("the gateway", ground::ready);
                calm();
            }
            all.forEach(DrillSender::finish);
            progress.accept("waiting for the last acknowledgements");
            long deadline = System.nanoTime() + LAST_ACKNOWLEDGEMENTS.toNanos();
            while (!all.stream().allMatch(DrillSender::allAcknowledged) && System.nanoTime() < deadline) {
                TimeUnit.MILLISECONDS.sleep(50);
            }
            return result(outages);
        } finally {
            all.forEach(DrillSender::close);
        }
    }

    private void calm() throws InterruptedException {
        TimeUnit.MILLISECONDS.sleep(plan.calm().toMillis());
    }

    private Outage outage(Way way) throws InterruptedException, IOException {
        progress.accept("Kafka goes away for " + plan.outage().toSeconds() + " s by " + way);
        long start = System.nanoTime();
        if (way == Way.PAUSE) {
            ground.kafka().pause();
        } else {
            ground.kafka().kill();
        }
        OptionalLong notReady = awaitReadiness(false, start + plan.outage().toNanos());
        OptionalLong readyMeanwhile = awaitReadiness(true, start + plan.outage().toNanos());
        TimeUnit.NANOSECONDS.sleep(start + plan.outage().toNanos() - System.nanoTime());
        long end = System.nanoTime();
        if (way == Way.PAUSE) {
            ground.kafka().goOn();
        } else {
            ground.startKafka();
        }
        long back = System.nanoTime();
        progress.accept("Kafka is back");
        OptionalLong ready = awaitReadiness(true, back + LAST_ACKNOWLEDGEMENTS.toNanos());
        DrillGround.await(
                "an acknowledgement",
                () -> PROTOCOLS.stream()
                        .allMatch(protocol -> answers.first(protocol, Answers.Kind.ACKNOWLEDGED, back)
                                .isPresent()));
        long open = answers.first(DrillHttpSender.PROTOCOL, Answers.Kind.UNAVAILABLE, start)
                        .orElse(end)
                + OPEN_AFTER_NANOS;
        return new Outage(
                way,
                of(ANSWERED, protocol -> millis(start, answers.first(protocol, Answers.Kind.UNAVAILABLE, start))),
                of(ANSWERED, protocol -> answers.waitedFor(protocol, start, end)),
                of(ANSWERED, protocol -> answers.sent(protocol, open, end)),
                millis(start, notReady),
                readyMeanwhile.isPresent(),
                millis(back, ready),
                of(ANSWERED, protocol -> millis(back, answers.first(protocol, Answers.Kind.ACKNOWLEDGED, back))));
    }

    private interface OfProtocol<T> {
        T of(String protocol);
    }

    private static <T> Map<String, T> of(List<String> protocols, OfProtocol<T> value) {
        Map<String, T> values = new LinkedHashMap<>();
        protocols.forEach(protocol -> values.put(protocol, value.of(protocol)));
        return values;
    }

    private OptionalLong awaitReadiness(boolean wanted, long deadline) throws InterruptedException {
        while (System.nanoTime() < deadline) {
            if (ground.ready() == wanted) {
                return OptionalLong.of(System.nanoTime());
            }
            TimeUnit.MILLISECONDS.sleep(50);
        }
        return OptionalLong.empty();
    }

    private static long millis(long from, OptionalLong to) {
        return to.isPresent() ? TimeUnit.NANOSECONDS.toMillis(to.getAsLong() - from) : -1;
    }

    private Result result(List<Outage> outages) {
        progress.accept("counting");
        DrillTopic topic = DrillTopic.read(ground);
        return new Result(
                outages,
                of(
                        PROTOCOLS,
                        protocol -> senders.get(protocol).stream()
                                .map(topic::count)
                                .reduce(DrillTopic.Count.NONE, DrillTopic.Count::plus)),
                of(ANSWERED, protocol -> answers.count(protocol, Answers.Kind.OTHER)),
                senders.values().stream()
                        .flatMap(List::stream)
                        .filter(DrillMqttSender.class::isInstance)
                        .mapToInt(sender -> ((DrillMqttSender) sender).sessionsLost())
                        .sum());
    }
}
