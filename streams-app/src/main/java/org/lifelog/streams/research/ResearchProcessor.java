package org.lifelog.streams.research;

import java.time.Instant;
import java.util.Map;
import java.util.function.Function;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.lifelog.avro.Aggregate;
import org.lifelog.avro.Reading;
import org.lifelog.contract.Centers;
import org.lifelog.contract.ResearchTopic;
import org.lifelog.contract.SubjectKey;

/** Takes valid readings and aggregates and passes on the research records of centers that have some. */
final class ResearchProcessor implements Processor<String, Object, String, Object> {
    private final Map<String, Release> releases;
    private final Centers centers;
    private final DeviceModels models;
    private final Function<ProcessorContext<?, ?>, Devices> devices;
    private ProcessorContext<String, Object> context;
    private Pseudonymizer pseudonymizer;

    ResearchProcessor(
            Map<String, Release> releases,
            Centers centers,
            DeviceModels models,
            Function<ProcessorContext<?, ?>, Devices> devices) {
        this.releases = releases;
        this.centers = centers;
        this.models = models;
        this.devices = devices;
    }

    @Override
    public void init(ProcessorContext<String, Object> context) {
        this.context = context;
        Devices known = devices.apply(context);
        pseudonymizer = new Pseudonymizer(releases, centers, known, models);
        context.schedule(
                DeviceModels.BETWEEN_PARTS,
                PunctuationType.WALL_CLOCK_TIME,
                now -> models.count(known, Instant.ofEpochMilli(now)));
    }

    @Override
    public void process(Record<String, Object> record) {
        if (record.value() instanceof Reading reading) {
            pseudonymizer.of(reading).ifPresent(research -> forward(record, research.getPseudonym(), research));
        } else if (record.value() instanceof Aggregate aggregate) {
            pseudonymizer.of(aggregate).ifPresent(research -> forward(record, research.getPseudonym(), research));
        } else if (record.value() == null) {
            erase(record);
        }
    }

    /** Whoever holds records of the subject is told under its pseudonym to forget them. */
    private void erase(Record<String, Object> record) {
        SubjectKey subject = SubjectKey.parse(record.key());
        pseudonymizer.of(subject).ifPresent(pseudonym -> {
            for (ResearchTopic topic : ResearchTopic.values()) {
                forward(record, pseudonym, new Research.Tombstone(topic.topicName(subject.center())));
            }
        });
    }

    /** A record of its own, so that no header of the original goes along. */
    private void forward(Record<String, Object> original, String pseudonym, Object research) {
        context.forward(new Record<>(pseudonym, research, original.timestamp()));
    }
}
