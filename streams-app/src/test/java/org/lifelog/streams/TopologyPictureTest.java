package org.lifelog.streams;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.streams.TopologyDescription;
import org.apache.kafka.streams.TopologyDescription.Node;
import org.junit.jupiter.api.Test;
import org.lifelog.contract.Catalogue;
import org.lifelog.contract.Centers;
import org.lifelog.contract.UnknownDevices;
import org.lifelog.streams.research.Research;

/**
 * The picture of the topology in the docs is the topology. After a change of it, {@code -Dlifelog.write.topology=true}
 * draws it anew.
 */
class TopologyPictureTest {
    private static final Path FILE = Path.of("../docs/topology.md");

    @Test
    void thePictureInTheDocsIsTheTopology() throws IOException {
        String drawn = drawn(description());
        if (Boolean.getBoolean("lifelog.write.topology")) {
            Files.writeString(FILE, drawn);
        }

        assertThat(FILE).hasContent(drawn);
    }

    private static TopologyDescription description() {
        Catalogue catalogue = Catalogue.load();
        Centers centers = Centers.load(catalogue);
        return new LifelogTopology(
                        catalogue,
                        centers,
                        new DeviceCheck(centers, UnknownDevices.ACCEPT),
                        1,
                        new Judge(catalogue, centers, Duration.ZERO, Instant.EPOCH),
                        null,
                        null,
                        new SimpleMeterRegistry())
                .build(new Research(Map.of(), centers))
                .describe();
    }

    private static String drawn(TopologyDescription description) {
        StringBuilder out = new StringBuilder("""
                # The topology of the streams

                Drawn from the topology itself. Boxes are processors, cylinders stores, slanted boxes topics. Names of processors and
                stores stay, because changelogs and local state go by them. Where a center has research topics, `valid` and
                `aggregates` have one more child for them.

                ```mermaid
                flowchart TD
                """);
        description.subtopologies().stream()
                .flatMap(part -> part.nodes().stream())
                .sorted(Comparator.comparing(Node::name))
                .forEach(node -> draw(node, out));
        description.globalStores().forEach(global -> {
            draw(global.source(), out);
            draw(global.processor(), out);
        });
        return out.append("```\n").toString();
    }

    private static void draw(Node node, StringBuilder out) {
        if (node instanceof TopologyDescription.Source source) {
            new TreeSet<>(source.topicSet())
                    .forEach(topic -> out.append("  %s --> %s\n".formatted(topic(topic), node.name())));
        } else if (node instanceof TopologyDescription.Sink sink) {
            out.append("  %s --> %s\n".formatted(node.name(), topic(sink.topic())));
        } else if (node instanceof TopologyDescription.Processor processor) {
            new TreeSet<>(processor.stores())
                    .forEach(store -> out.append("  %s -.- store-%s[(%s)]\n".formatted(node.name(), store, store)));
        }
        names(node.successors()).forEach(next -> out.append("  %s --> %s\n".formatted(node.name(), next)));
    }

    private static String topic(String name) {
        return "topic-" + name.replace('.', '-') + "[/" + name + "/]";
    }

    private static List<String> names(Set<Node> nodes) {
        return nodes.stream().map(Node::name).sorted().toList();
    }
}
