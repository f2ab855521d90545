package org.lifelog.gateway.accept;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.lifelog.avro.QuarantinedReading;
import org.lifelog.avro.Reading;
import org.lifelog.contract.SubjectKey;
import org.lifelog.gateway.access.Sender;
import org.lifelog.gateway.device.DeviceRegistry;
import org.lifelog.gateway.failure.Failure;
import org.lifelog.gateway.failure.Refusal;
import org.lifelog.gateway.format.Decoded;
import org.lifelog.gateway.format.Origin;

/**
 * Where both protocols end: decodes a message, writes what is in good form to Kafka, and gives a receipt when Kafka has
 * it. Messages of one connection keep their order. What waits for Kafka is bounded in bytes.
 */
public final class Acceptor {
    /** Text, objects and the records in Kafka's buffer weigh a multiple of the body. */
    private static final int WEIGHT = 4;

    private static final int SMALLEST_WEIGHT = 1_024;

    /** Producers and brokers take records of a mebibyte, unless told otherwise; a part of it is for the other fields. */
    private static final int MOST_RAW_BYTES = 1_000_000;

    private final ReadingProducer producer;
    private final WorkerExecutor workers;
    private final Memory memory;
    private final Quotas quotas;
    private final DeviceRegistry devices;
    private final MeterRegistry meters;
    private final Clock clock;
    private final Map<Protocol, Timer> times = new EnumMap<>(Protocol.class);
    private final Map<Count, Counter> counters = new ConcurrentHashMap<>();

    /** Accepts messages, with as many under way as the memory allows. */
    public Acceptor(
            ReadingProducer producer,
            WorkerExecutor workers,
            Memory memory,
            Quotas quotas,
            DeviceRegistry devices,
            MeterRegistry meters,
            Clock clock) {
        this.producer = producer;
        this.workers = workers;
        this.memory = memory;
        this.quotas = quotas;
        this.devices = devices;
        this.meters = meters;
        this.clock = clock;
        for (Protocol protocol : Protocol.values()) {
            times.put(
                    protocol,
                    Timer.builder("lifelog.acknowledge")
                            .description("From the last byte of a message to Kafka's confirmation.")
                            .tag("protocol", protocol.tag())
                            .publishPercentileHistogram()
                            .register(meters));
        }
    }

    /**
     * Looks at the quota alone, before the body of a message is read.
     *
     * @throws Refusal quota-exceeded, where {@link #accept} would refuse the message whatever is in it
     */
    public void admit(Sender sender) {
        quotas.admit(sender.center());
    }

    /**
     * Accepts a message. Of an MQTT message the refused items are quarantined, because the sender may not learn of them.
     *
     * @return the receipt, when all that it accepts is in Kafka; fails with a {@link Refusal} where the message as a
     *     whole is refused
     */
    public Future<Receipt> accept(Message message) {
        Instant receivedAt = clock.instant();
        String center = message.sender().center();
        try {
            admit(message.sender());
        } catch (Refusal e) {
            return Future.failedFuture(e);
        }
        return admit(message.lane(), message.body().length, () -> {
                    Decoded decoded = message.format()
                            .decode(
                                    message.body(),
                                    new Origin(message.sender(), message.device(), message.subject(), receivedAt));
                    quotas.charge(center, decoded, receivedAt);
                    List<ReadingProducer.Entry> entries = entries(message, decoded, receivedAt);
                    Future<Void> sent =
                            entries.isEmpty() ? Future.succeededFuture() : producer.send(entries, message.trace());
                    return sent.map(decoded.receipt());
                })
                .onSuccess(receipt -> measure(message, receipt, receivedAt));
    }

    /**
     * Keeps an MQTT message that cannot be read at all; without its bytes where Kafka would not take them.
     *
     * @param body its bytes, or nothing where they are too many to keep
     * @return succeeds when Kafka has it; fails with a {@link Refusal}
     */
    public Future<Void> quarantine(Sender sender, String device, byte[] body, Refusal refusal, Lane lane) {
        Instant receivedAt = clock.instant();
        return admit(lane, body.length, () -> {
                    QuarantinedReading quarantined = quarantined(
                            sender, device, body, refusal.failure().code(), refusal.getMessage(), receivedAt);
                    return producer.send(
                            List.of(new ReadingProducer.Entry(
                                    SubjectKey.ofDevice(sender.center(), device), quarantined)),
                            TraceContext.of(Optional.empty()));
                })
                .onSuccess(done -> count(sender.center(), "quarantined", 1));
    }

    private <T> Future<T> admit(Lane lane, int bytes, Callable<Future<T>> work) {
        long weight = Math.max(SMALLEST_WEIGHT, (long) WEIGHT * bytes);
        if (!memory.take(weight)) {
            Refusal full = new Refusal(Failure.UNAVAILABLE, "The gateway is full. Send the same message again.");
            lane.failed(full);
            return Future.failedFuture(full);
        }
        // Kafka confirms on its own thread; whoever sent goes on where it was.
        Context context = Vertx.currentContext();
        Promise<T> done = Promise.promise();
        lane.run(workers, bytes, work).onComplete(end -> {
            memory.give(weight);
            if (context == null) {
                done.handle(end);
            } else {
                context.runOnContext(there -> done.handle(end));
            }
        });
        return done.future();
    }

    private List<ReadingProducer.Entry> entries(Message message, Decoded decoded, Instant receivedAt) {
        List<ReadingProducer.Entry> entries = new ArrayList<>();
        for (Reading reading : decoded.readings()) {
            if (SubjectKey.isUnassigned(reading.getSubject())) {
                devices.subject(reading.getCenter(), reading.getDevice(), reading.getTime())
                        .ifPresent(reading::setSubject);
            }
            entries.add(new ReadingProducer.Entry(SubjectKey.of(reading.getCenter(), reading.getSubject()), reading));
        }
        if (message.protocol() == Protocol.MQTT) {
            String device = message.device().orElseThrow();
            decoded.refused()
                    .forEach(refused -> entries.add(new ReadingProducer.Entry(
                            SubjectKey.ofDevice(message.sender().center(), device),
                            quarantined(
                                    message.sender(),
                                    device,
                                    refused.raw(),
                                    refused.problem().code().text(),
                                    refused.problem().detail(),
                                    receivedAt))));
        }
        return entries;
    }

    private static QuarantinedReading quarantined(
            Sender sender, String device, byte[] raw, String code, String detail, Instant receivedAt) {
        // A record that Kafka refuses could never be acknowledged, and would come again and again.
        boolean kept = raw.length <= MOST_RAW_BYTES;
        return QuarantinedReading.newBuilder()
                .setCenter(sender.center())
                .setDevice(device)
                .setVendor(sender.vendor())
                .setRaw(ByteBuffer.wrap(kept ? raw : new byte[0]))
                .setReasons(List.of(code))
                .setDetail(kept ? detail : detail + " Its " + raw.length + " bytes are too many to keep.")
                .setReceivedAt(receivedAt)
                .setQuarantinedAt(receivedAt)
                .build();
    }

    private void measure(Message message, Receipt receipt, Instant receivedAt) {
        String center = message.sender().center();
        boolean quarantines = message.protocol() == Protocol.MQTT;
        count(center, "acknowledged", receipt.accepted());
        count(
                center,
                quarantines ? "quarantined" : "refused",
                receipt.problems().size());
        times.get(message.protocol())
                .record(Duration.between(receivedAt, clock.instant()).toNanos(), TimeUnit.NANOSECONDS);
    }

    private void count(String center, String outcome, int readings) {
        if (readings > 0) {
            counters.computeIfAbsent(
                            new Count(center, outcome),
                            count -> meters.counter("lifelog.readings", "center", center, "outcome", outcome))
                    .increment(readings);
        }
    }

    private record Count(String center, String outcome) {}
}
