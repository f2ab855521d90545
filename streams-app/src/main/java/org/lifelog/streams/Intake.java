package org.lifelog.streams;

import io.micrometer.core.instrument.MeterRegistry;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.apache.avro.generic.IndexedRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.lifelog.avro.Device;
import org.lifelog.avro.QuarantinedReading;
import org.lifelog.avro.Reading;
import org.lifelog.contract.Catalogue;
import org.lifelog.contract.Centers;
import org.lifelog.contract.Reason;
import org.lifelog.contract.SubjectKey;
import org.lifelog.contract.Topic;
import org.lifelog.registry.SchemaRegistryException;
import org.lifelog.streams.history.History;
import org.lifelog.streams.history.Known;

/**
 * Takes every record of {@code lifelog.readings}: decodes it, checks its device, judges it, recognises duplicates, and
 * sends it to exactly one of valid, quarantined or nowhere (a duplicate), counted in the ledger. Valid readings that are
 * not late go to the windows too. Nothing that a record can hold stops it.
 *
 * <p>What is quarantined for its device is parked too. When an assignment covers it, it is sent with its subject to
 * {@code lifelog.readings.released}, which is taken like {@code lifelog.readings}, and its release to quarantine.
 */
final class Intake implements Processor<String, byte[], String, Object> {
    static final String NAME = "intake";
    /** Names of the processors that this one forwards to. */
    static final String TO_VALID = "valid";

    static final String TO_QUARANTINED = "quarantined";
    static final String TO_RELEASED = "released";
    static final String TO_WINDOWS = "windows";
    static final String TO_LEDGER = "ledger-counts";

    private static final Duration SWEEP_INTERVAL = Duration.ofSeconds(10);
    private static final int SWEEP_ENTRIES = 5_000;
    private static final Duration RELEASE_INTERVAL = Duration.ofSeconds(2);
    private static final int RELEASE_LOOK = 10_000;
    private static final int RELEASE_MOST = 1_000;

    private final Deserializer<IndexedRecord> deserializer;
    private final Serializer<IndexedRecord> serializer;
    private final DeviceCheck deviceCheck;
    private final int parkedPerDevice;
    private final Judge judge;
    private final Catalogue catalogue;
    private final Centers centers;
    private final MeterRegistry meters;
    private ProcessorContext<String, Object> context;
    private SeenReadings seenBefore;
    private History history;
    private HistoryJudge historyJudge;
    private RunningCounts runningCounts;
    private CountedAmounts countedAmounts;
    private Nights nights;
    private DeviceRegistry devices;
    private ParkedReadings parked;
    private Erasure erasure;
    private Ledger ledger;

    Intake(
            Deserializer<IndexedRecord> deserializer,
            Serializer<IndexedRecord> serializer,
            DeviceCheck deviceCheck,
            int parkedPerDevice,
            Judge judge,
            Catalogue catalogue,
            Centers centers,
            MeterRegistry meters) {
        this.deserializer = deserializer;
        this.serializer = serializer;
        this.deviceCheck = deviceCheck;
        this.parkedPerDevice = parkedPerDevice;
        this.judge = judge;
        this.catalogue = catalogue;
        this.centers = centers;
        this.meters = meters;
    }

    @Override
    public void init(ProcessorContext<String, Object> context) {
        this.context = context;
        seenBefore = new SeenReadings(context.getStateStore(SeenReadings.STORE));
        history = new History(context.getStateStore(History.STORE));
        historyJudge =
                new HistoryJudge(catalogue, history, new DeviceClocks(context.getStateStore(DeviceClocks.STORE)));
        countedAmounts = new CountedAmounts(catalogue, centers, history);
        DerivedReadings derived = new DerivedReadings(catalogue, centers, history);
        runningCounts = new RunningCounts(centers, history, derived);
        nights = new Nights(catalogue, centers, history, derived);
        devices = new DeviceRegistry(context, deserializer);
        parked = new ParkedReadings(
                context.getStateStore(ParkedReadings.STORE), parkedPerDevice, devices, serializer, deserializer);
        erasure = new Erasure(context, parked);
        ledger = new Ledger(context, TO_LEDGER, meters);
        context.schedule(SWEEP_INTERVAL, PunctuationType.WALL_CLOCK_TIME, now -> sweep(Instant.ofEpochMilli(now)));
        context.schedule(RELEASE_INTERVAL, PunctuationType.WALL_CLOCK_TIME, now -> release(Instant.ofEpochMilli(now)));
    }

    @Override
    public void process(Record<String, byte[]> record) {
        if (record.value() == null) {
            erase(record);
            return;
        }
        IndexedRecord decoded;
        try {
            decoded = deserializer.deserialize(topic(), record.value());
        } catch (SerializationException e) {
            quarantineUndecodable(record);
            return;
        } catch (SchemaRegistryException e) {
            if (e.passing()) {
                throw e;
            }
            quarantineUndecodable(record);
            return;
        }
        if (decoded instanceof Reading reading) {
            take(record, reading);
        } else if (decoded instanceof QuarantinedReading refused) {
            // What the gateway acknowledged without believing it takes the same way as all else, so that all is
            // counted.
            refused.setQuarantinedAt(now());
            quarantine(record, refused);
        } else {
            quarantineUndecodable(record);
        }
    }

    /** A record without a value says that its subject is to be forgotten, to all that read the topics as well. */
    private void erase(Record<String, byte[]> record) {
        SubjectKey subject = key(record);
        if (centers.center(subject.center()).isEmpty() || SubjectKey.isUnassigned(subject.name())) {
            quarantineUndecodable(record);
            return;
        }
        erasure.erase(subject);
        ledger.count(subject.center(), Ledger.Outcome.ERASURE, released());
        for (String child : List.of(TO_VALID, TO_QUARANTINED, TO_WINDOWS)) {
            context.forward(record.withValue(null), child);
        }
    }

    private void take(Record<String, byte[]> record, Reading sent) {
        Optional<Device> device = devices.find(sent.getCenter(), sent.getDevice());
        Optional<Judgement.Quarantined> wrongDevice = deviceCheck.check(sent, device);
        if (wrongDevice.isPresent()) {
            QuarantinedReading quarantined = quarantined(
                    sent, wrongDevice.get().reason(), wrongDevice.get().detail());
            quarantine(record, quarantined);
            parked.park(quarantined);
            return;
        }
        // A released record was appended to its topic at its release, and the broker's clock says when.
        Instant takenAt = released() ? Instant.ofEpochMilli(record.timestamp()) : sent.getReceivedAt();
        int priority = device.map(Device::getPriority).orElse(0);
        conclude(record, sent, judge(RunningCounts.declared(sent, device), priority, takenAt), takenAt);
    }

    private Judgement judge(Reading sent, int priority, Instant takenAt) {
        Judgement byItself = judge.judge(sent, takenAt);
        if (!(byItself instanceof Judgement.Valid valid)) {
            return byItself;
        }
        valid.reading().setPriority(priority);
        return seenBefore.judge(valid.reading()).orElseGet(() -> historyJudge.judge(valid.reading(), takenAt));
    }

    private void conclude(Record<String, byte[]> record, Reading sent, Judgement judgement, Instant takenAt) {
        if (judgement instanceof Judgement.Quarantined wrong) {
            QuarantinedReading quarantined = quarantined(sent, wrong.reason(), wrong.detail());
            quarantined.setKnownValue(wrong.known());
            quarantine(record, quarantined);
        } else if (judgement instanceof Judgement.Duplicate) {
            ledger.count(sent.getCenter(), Ledger.Outcome.DUPLICATE, released());
        } else if (judgement instanceof Judgement.Valid valid) {
            pass(record, valid.reading(), null, Ledger.Outcome.VALID, takenAt);
        } else if (judgement instanceof Judgement.Corrected corrected) {
            pass(record, corrected.reading(), corrected.before(), Ledger.Outcome.CORRECTED, takenAt);
        } else if (judgement instanceof Judgement.Withdrawn withdrawn) {
            pass(record, withdrawn.reading(), withdrawn.before(), Ledger.Outcome.WITHDRAWN, takenAt);
        }
    }

    private void pass(
            Record<String, byte[]> record, Reading reading, Known before, Ledger.Outcome outcome, Instant takenAt) {
        ledger.count(reading.getCenter(), outcome, released());
        forward(record, reading, before, outcome == Ledger.Outcome.VALID, takenAt);
        List<DerivedReadings.Change> changes = derived(reading, takenAt);
        for (DerivedReadings.Change change : changes) {
            ledger.countDerived(reading.getCenter(), change.rows());
            // All of them are remembered by now, so a window that one has computed anew holds the others already.
            boolean added = change.rows() > 0 && changes.size() == 1;
            forward(record, change.reading(), change.before(), added, takenAt);
        }
    }

    private List<DerivedReadings.Change> derived(Reading reading, Instant takenAt) {
        if (RunningCounts.is(reading)) {
            return runningCounts.changes(reading, takenAt);
        }
        return nights.isOf(reading) ? nights.changes(reading, takenAt) : List.of();
    }

    private void forward(Record<String, byte[]> record, Reading reading, Known before, boolean added, Instant takenAt) {
        context.forward(record.withValue(reading), TO_VALID);
        WindowChange change = countedAmounts.change(reading, before, added, takenAt);
        if (!change.isEmpty()) {
            context.forward(record.withValue(change), TO_WINDOWS);
        }
    }

    private void quarantineUndecodable(Record<String, byte[]> record) {
        quarantine(
                record,
                QuarantinedReading.newBuilder()
                        .setCenter(key(record).center())
                        .setRaw(ByteBuffer.wrap(record.value() == null ? new byte[0] : record.value()))
                        .setReasons(List.of(Reason.UNDECODABLE.code()))
                        .setDetail("The record is not a Reading in the wire format.")
                        .setReceivedAt(Instant.ofEpochMilli(record.timestamp()))
                        .setQuarantinedAt(now())
                        .build());
    }

    private static SubjectKey key(Record<String, byte[]> record) {
        try {
            return SubjectKey.parse(record.key());
        } catch (IllegalArgumentException e) {
            return new SubjectKey(Ledger.NO_CENTER, Ledger.NO_CENTER);
        }
    }

    private QuarantinedReading quarantined(Reading sent, Reason reason, String detail) {
        return QuarantinedReading.newBuilder()
                .setCenter(sent.getCenter())
                .setSubject(SubjectKey.isUnassigned(sent.getSubject()) ? null : sent.getSubject())
                .setDevice(sent.getDevice())
                .setVendor(sent.getVendor())
                .setReading(sent)
                .setReasons(List.of(reason.code()))
                .setDetail(detail)
                .setReceivedAt(sent.getReceivedAt())
                .setQuarantinedAt(now())
                .build();
    }

    private void quarantine(Record<String, byte[]> record, QuarantinedReading quarantined) {
        // An unknown center must not become a label or a ledger entry: senders could make any number of them.
        boolean known = centers.center(quarantined.getCenter()).isPresent();
        ledger.count(known ? quarantined.getCenter() : Ledger.NO_CENTER, Ledger.Outcome.QUARANTINED, released());
        context.forward(record.withValue(quarantined), TO_QUARANTINED);
    }

    /** Sends what an assignment covers by now on its way again. */
    private void release(Instant now) {
        for (ParkedReadings.Due due : parked.takeDue(now, RELEASE_LOOK, RELEASE_MOST)) {
            QuarantinedReading quarantined = due.quarantined();
            Reading sent = quarantined.getReading();
            Reading reading = Reading.newBuilder(sent).setSubject(due.subject()).build();
            forward(reading, reading, now, TO_RELEASED);
            quarantined.setReleasedAt(now);
            forward(sent, quarantined, now, TO_QUARANTINED);
        }
    }

    private void forward(Reading keyOf, Object value, Instant now, String child) {
        String key = SubjectKey.of(keyOf.getCenter(), keyOf.getSubject()).toString();
        context.forward(new Record<>(key, value, now.toEpochMilli()), child);
    }

    private String topic() {
        return context.recordMetadata().orElseThrow().topic();
    }

    /** Whether the record at hand comes from quarantine. */
    private boolean released() {
        return topic().equals(Topic.RELEASED.topicName());
    }

    private Instant now() {
        return Instant.ofEpochMilli(context.currentSystemTimeMs());
    }

    private void sweep(Instant now) {
        history.sweep(now, SWEEP_ENTRIES);
        seenBefore.sweep(now, SWEEP_ENTRIES);
    }
}
