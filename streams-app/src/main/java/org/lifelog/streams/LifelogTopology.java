package org.lifelog.streams;

import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.avro.generic.IndexedRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.StoreBuilder;
import org.lifelog.avro.WindowSize;
import org.lifelog.contract.Catalogue;
import org.lifelog.contract.Centers;
import org.lifelog.contract.Topic;
import org.lifelog.streams.history.History;
import org.lifelog.streams.research.Research;

/**
 * The way of a reading: intake, then valid or quarantined, and the windows of a minute, an hour and a day; and the way
 * back from quarantine to the intake.
 *
 * <p>All of a subject's readings lie on one partition and all state is by subject, so there is no repartitioning.
 */
final class LifelogTopology {
    private static final Set<WindowSize> SIZES = EnumSet.of(WindowSize.MINUTE, WindowSize.HOUR, WindowSize.DAY);
    private static final String SOURCE = "readings";
    private static final String WINDOWS_OUTPUT = "aggregates";
    /** End of the names of sinks whose records go to the research topics too. */
    private static final String SINK = "-topic";

    private final Catalogue catalogue;
    private final Centers centers;
    private final DeviceCheck deviceCheck;
    private final int parkedPerDevice;
    private final Judge judge;
    private final Deserializer<IndexedRecord> deserializer;
    private final Serializer<IndexedRecord> serializer;
    private final MeterRegistry meters;

    /**
     * What the processors need.
     *
     * @param parkedPerDevice how many readings of one device wait for an assignment at most, by partition
     * @param deserializer safe for use by several threads, like the serializer
     */
    LifelogTopology(
            Catalogue catalogue,
            Centers centers,
            DeviceCheck deviceCheck,
            int parkedPerDevice,
            Judge judge,
            Deserializer<IndexedRecord> deserializer,
            Serializer<IndexedRecord> serializer,
            MeterRegistry meters) {
        this.catalogue = catalogue;
        this.centers = centers;
        this.deviceCheck = deviceCheck;
        this.parkedPerDevice = parkedPerDevice;
        this.judge = judge;
        this.deserializer = deserializer;
        this.serializer = serializer;
        this.meters = meters;
    }

    /**
     * Wires it.
     *
     * @param research what the valid readings and the windows go to beside their own topics
     */
    Topology build(Research research) {
        Topology topology = new Topology();
        // Released readings have a topic of their own: the transactions of streams leave marks between the records of a
        // topic, and in lifelog.readings the offset alone must tell how many records there were.
        topology.addSource(
                SOURCE,
                new StringDeserializer(),
                new ByteArrayDeserializer(),
                Topic.READINGS.topicName(),
                Topic.RELEASED.topicName());
        topology.addProcessor(
                Intake.NAME,
                supplier(
                        () -> new Intake(
                                deserializer,
                                serializer,
                                deviceCheck,
                                parkedPerDevice,
                                judge,
                                catalogue,
                                centers,
                                meters),
                        SeenReadings.storeBuilder(),
                        History.storeBuilder(),
                        DeviceClocks.storeBuilder(),
                        ParkedReadings.storeBuilder(),
                        Ledger.storeBuilder()),
                SOURCE);
        topology.addProcessor(Intake.TO_VALID, FanOut::new, Intake.NAME);
        sink(topology, Intake.TO_VALID + SINK, Topic.VALID, Intake.TO_VALID);
        sink(topology, Intake.TO_QUARANTINED, Topic.QUARANTINED, Intake.NAME);
        sink(topology, Intake.TO_RELEASED, Topic.RELEASED, Intake.NAME);
        sink(topology, Intake.TO_LEDGER, Topic.LEDGER, Intake.NAME);
        topology.addProcessor(Intake.TO_WINDOWS, FanOut::new, Intake.NAME);
        for (WindowSize size : SIZES) {
            topology.addProcessor(
                    WindowAggregation.name(size),
                    supplier(
                            () -> new WindowAggregation(size, WINDOWS_OUTPUT, catalogue, centers),
                            WindowAggregation.storeBuilder(size)),
                    Intake.TO_WINDOWS);
            topology.connectProcessorAndStateStores(WindowAggregation.name(size), History.STORE);
        }
        topology.addProcessor(
                WINDOWS_OUTPUT,
                FanOut::new,
                SIZES.stream().map(WindowAggregation::name).toArray(String[]::new));
        sink(topology, WINDOWS_OUTPUT + SINK, Topic.AGGREGATES, WINDOWS_OUTPUT);
        research.addTo(
                topology,
                serializer,
                context -> new DeviceRegistry(context, deserializer),
                Intake.TO_VALID,
                WINDOWS_OUTPUT);
        // Last: Kafka Streams numbers the parts of a topology in this order and names local state by the number.
        DeviceRegistry.addTo(topology, deserializer);
        return topology;
    }

    private void sink(Topology topology, String name, Topic topic, String... parents) {
        topology.addSink(name, topic.topicName(), new StringSerializer(), serializer, parents);
    }

    private static <KIn, VIn, KOut, VOut> ProcessorSupplier<KIn, VIn, KOut, VOut> supplier(
            Supplier<Processor<KIn, VIn, KOut, VOut>> processors, StoreBuilder<?>... stores) {
        return new ProcessorSupplier<>() {
            @Override
            public Processor<KIn, VIn, KOut, VOut> get() {
                return processors.get();
            }

            @Override
            public Set<StoreBuilder<?>> stores() {
                return Set.of(stores);
            }
        };
    }

    /** Hands each record to every child. */
    private static final class FanOut implements Processor<Object, Object, Object, Object> {
        private ProcessorContext<Object, Object> context;

        @Override
        public void init(ProcessorContext<Object, Object> context) {
            this.context = context;
        }

        @Override
        public void process(Record<Object, Object> record) {
            context.forward(record);
        }
    }
}
