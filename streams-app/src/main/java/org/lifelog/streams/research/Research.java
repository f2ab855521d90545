package org.lifelog.streams.research;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.avro.generic.IndexedRecord;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.TopicNameExtractor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.lifelog.avro.ResearchAggregate;
import org.lifelog.avro.ResearchReading;
import org.lifelog.contract.Center;
import org.lifelog.contract.Centers;
import org.lifelog.contract.ResearchTopic;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The research topics of the centers that have keys. Part of the topology and so of its transactions: a valid reading
 * and its research record are committed together or not at all.
 */
public final class Research {
    private static final Logger LOG = LoggerFactory.getLogger(Research.class);
    private static final String PROCESSOR = "research";
    private static final String SINK = "research-topics";

    /** Stands for a record without a value, which could not say where it belongs. */
    record Tombstone(String topic) {}

    private final Map<String, Release> releases;
    private final Centers centers;
    private final DeviceModels models;

    /**
     * For these releases.
     *
     * @param releases by the center's code; empty for no research topics
     */
    public Research(Map<String, Release> releases, Centers centers) {
        this.releases = releases;
        this.centers = centers;
        this.models = new DeviceModels(releases);
    }

    /**
     * Reads the keys and says in the log which centers have research topics.
     *
     * @param folder of the keys; empty for no research topics
     * @throws KeysException where the keys cannot be used
     */
    public static Research load(Optional<Path> folder, Centers centers) {
        if (folder.isEmpty()) {
            LOG.info("No center has research topics: there is no folder of keys");
            return new Research(Map.of(), centers);
        }
        Map<String, Release> releases = new ResearchKeys(folder.get()).load(centers);
        TreeSet<String> without = new TreeSet<>();
        centers.all().stream()
                .map(Center::code)
                .filter(center -> !releases.containsKey(center))
                .forEach(without::add);
        LOG.info(
                "Research topics of {}; none of {}, which have no keys in {}",
                releases.values(),
                without,
                folder.get());
        return new Research(releases, centers);
    }

    /** The topics that must be there. */
    public List<String> topics() {
        return releases.keySet().stream()
                .flatMap(center -> Stream.of(ResearchTopic.values()).map(topic -> topic.topicName(center)))
                .toList();
    }

    /**
     * Adds what writes the research topics to a topology.
     *
     * @param devices the devices as a processor sees them
     * @param parents the processors that give valid readings and aggregates
     */
    public void addTo(
            Topology topology,
            Serializer<IndexedRecord> serializer,
            Function<ProcessorContext<?, ?>, Devices> devices,
            String... parents) {
        if (releases.isEmpty()) {
            return;
        }
        topology.addProcessor(PROCESSOR, () -> new ResearchProcessor(releases, centers, models, devices), parents);
        TopicNameExtractor<String, Object> topic = (key, value, context) -> topicName(value);
        Serializer<Object> values =
                (name, value) -> value instanceof Tombstone ? null : serializer.serialize(name, (IndexedRecord) value);
        topology.addSink(SINK, topic, new StringSerializer(), values, PROCESSOR);
    }

    private static String topicName(Object value) {
        if (value instanceof Tombstone tombstone) {
            return tombstone.topic();
        }
        if (value instanceof ResearchReading reading) {
            return ResearchTopic.READINGS.topicName(reading.getCenter());
        }
        return ResearchTopic.AGGREGATES.topicName(((ResearchAggregate) value).getCenter());
    }
}
