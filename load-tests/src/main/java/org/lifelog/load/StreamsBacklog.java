package org.lifelog.load;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.avro.generic.IndexedRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.lifelog.avro.Assignment;
import org.lifelog.avro.Device;
import org.lifelog.avro.Reading;
import org.lifelog.contract.DeviceKey;
import org.lifelog.contract.SubjectKey;
import org.lifelog.contract.Topic;
import org.lifelog.registry.KafkaAvroSerializer;
import org.lifelog.registry.SchemaRegistryConfig;

/**
 * Readings as devices send them: a heart rate each second of few subjects, and numbered glucose every five minutes of
 * many, each series in the order of its times and all of them mixed. Every device is registered and assigned.
 */
final class StreamsBacklog {
    static final String CENTER = "isens";
    static final String HEART = "heart_rate";
    static final String GLUCOSE = "glucose_cgm";

    private static final Duration FIVE_MINUTES = Duration.ofMinutes(5);

    /** Many alike: a subject with one device, which measures one metric. */
    private final class Kind {
        private final String metric;
        private final String unit;
        private final Duration step;
        private final boolean numbered;
        private final String[] subjects;
        private final int[] values;
        private long sent;

        Kind(String metric, String unit, Duration step, boolean numbered, int subjects, int firstValue) {
            this.metric = metric;
            this.unit = unit;
            this.step = step;
            this.numbered = numbered;
            values = new int[subjects];
            Arrays.fill(values, firstValue);
            this.subjects = IntStream.range(0, subjects)
                    .mapToObj(subject -> metric + "-" + subject)
                    .toArray(String[]::new);
        }

        private Reading next() {
            int subject = (int) (sent % values.length);
            long round = sent++ / values.length;
            values[subject] = Math.max(60, Math.min(170, values[subject] + random.nextInt(5) - 2));
            Instant time = first.plus(step.multipliedBy(round));
            return Reading.newBuilder()
                    .setCenter(CENTER)
                    .setSubject(subjects[subject])
                    .setDevice(deviceOf(subjects[subject]))
                    .setVendor("isens-vendor")
                    .setMetric(metric)
                    .setValue(values[subject])
                    .setUnit(unit)
                    .setTime(time)
                    .setSequence(numbered ? round : null)
                    .setReceivedAt(time.plusSeconds(3))
                    .build();
        }
    }

    private final Random random = new Random(7);
    private final Instant first;
    private long sent;
    private final Kind heart;
    private final Kind glucose;

    /**
     * For the subjects of the options.
     *
     * @param most how many readings will be sent at most; the last ones are of yesterday
     */
    StreamsBacklog(StreamsOptions options, long most) {
        heart = new Kind(HEART, "/min", Duration.ofSeconds(1), false, options.heartSubjects, 72);
        glucose = new Kind(GLUCOSE, "mg/dL", FIVE_MINUTES, true, options.glucoseSubjects, 120);
        long seconds = Math.max(
                most / 2 / options.heartSubjects, most / 2 * FIVE_MINUTES.toSeconds() / options.glucoseSubjects);
        first = Instant.now().truncatedTo(ChronoUnit.DAYS).minusSeconds(seconds);
    }

    /** The next reading: one of heart rate, then one of glucose. */
    Reading next() {
        return sent++ % 2 == 0 ? heart.next() : glucose.next();
    }

    /** How many readings of a metric there were so far. */
    long count(String metric) {
        return metric.equals(HEART) ? heart.sent : glucose.sent;
    }

    /** A producer as the gateway has one, for {@link #send} and {@link #register}. */
    static KafkaProducer<String, IndexedRecord> producer(String kafka, String registry) {
        KafkaAvroSerializer serializer = new KafkaAvroSerializer();
        serializer.configure(Map.of(SchemaRegistryConfig.URL, registry), false);
        return new KafkaProducer<>(
                Map.of("bootstrap.servers", kafka, "compression.type", "lz4", "linger.ms", 20),
                new StringSerializer(),
                serializer);
    }

    /** Writes all devices with their assignments to Kafka. */
    void register(KafkaProducer<String, IndexedRecord> producer) {
        for (Kind kind : List.of(heart, glucose)) {
            for (String subject : kind.subjects) {
                Device device = device(subject);
                producer.send(new ProducerRecord<>(
                        Topic.DEVICES.topicName(), DeviceKey.of(device).toString(), device));
            }
        }
    }

    /** Writes a reading to Kafka. */
    static void send(Reading reading, KafkaProducer<String, IndexedRecord> producer) {
        send(Topic.READINGS, reading, producer);
    }

    /** Writes a reading to a topic of readings. */
    static void send(Topic topic, Reading reading, KafkaProducer<String, IndexedRecord> producer) {
        producer.send(new ProducerRecord<>(
                topic.topicName(),
                SubjectKey.of(reading.getCenter(), reading.getSubject()).toString(),
                reading));
    }

    private static String deviceOf(String subject) {
        return "device-of-" + subject;
    }

    private Device device(String subject) {
        return Device.newBuilder()
                .setCenter(CENTER)
                .setDevice(deviceOf(subject))
                .setManufacturer("Bench")
                .setModel("B-1")
                .setAssignments(List.of(new Assignment(subject, first.minus(Duration.ofDays(1)), null)))
                .setUpdatedAt(first)
                .build();
    }
}
