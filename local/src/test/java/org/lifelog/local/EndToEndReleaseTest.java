package org.lifelog.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.avro.generic.IndexedRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.lifelog.avro.Assignment;
import org.lifelog.avro.Device;
import org.lifelog.avro.Limit;
import org.lifelog.avro.Reading;
import org.lifelog.contract.DeviceKey;
import org.lifelog.contract.SubjectKey;
import org.lifelog.contract.Topic;
import org.lifelog.registry.KafkaAvroSerializer;
import org.lifelog.registry.SchemaRegistryConfig;
import org.lifelog.registry.TrustedClasses;

/** A reading of a device that is assigned to nobody, from quarantine to the subject that the device is assigned to then. */
class EndToEndReleaseTest {
    private static final Duration STORED = Duration.ofMinutes(2);
    private static final String CENTER = "isens";
    private static final String DEVICE = "cgm-release";

    private final RunningPlatform service = RunningPlatform.shared();
    private final Instant start = Instant.now().minus(Duration.ofHours(3)).truncatedTo(ChronoUnit.SECONDS);

    static {
        TrustedClasses.trust();
    }

    @Test
    void assignmentReleasesAReadingAndTheLedgerCloses() throws InterruptedException {
        long releasedBefore = balance().released();
        Reading nobodys = nobodys(112);
        produce(Topic.READINGS, SubjectKey.of(CENTER, nobodys.getSubject()).toString(), nobodys);
        awaitRows("SELECT subject, reasons, released_at FROM v_quarantined", "null|{unassigned-device}|null");
        assertThat(balance().released()).isEqualTo(releasedBefore);

        Device device = new Device(
                CENTER,
                DEVICE,
                null,
                null,
                List.of(new Assignment("S-release", start, null)),
                Instant.now(),
                Map.of(),
                0);
        produce(Topic.DEVICES, DeviceKey.of(device).toString(), device);
        awaitRows("SELECT subject, value FROM v_reading", "S-release|112");

        assertThat(balance().released()).isEqualTo(releasedBefore + 1);
        awaitRows(
                "SELECT subject, reasons, released_at > quarantined_at FROM v_quarantined",
                "null|{unassigned-device}|t");
        assertThat(service.query("SELECT n, sum FROM v_aggregate_1h WHERE subject = 'S-release'"))
                .containsExactly("1|112");

        // The assignment is in force now, for what names its subject as well.
        try (ReadingSender sender = service.http(CENTER)) {
            for (String subject : List.of("S-release", "S-release-other")) {
                List<GlucoseCourse.Point> point = List.of(new GlucoseCourse.Point(start.plusSeconds(300), 120));
                assertThat(sender.send(GlucoseCourse.readings(subject, DEVICE, point))
                                .accepted())
                        .isEqualTo(1);
            }
        }
        awaitRows("SELECT subject, value FROM v_reading", "S-release|112", "S-release|120");
        awaitRows(
                "SELECT subject, reasons, released_at IS NULL FROM v_quarantined",
                "null|{unassigned-device}|f",
                "S-release-other|{unassigned-device}|t");
        assertThat(balance().released()).isEqualTo(releasedBefore + 1);
    }

    private LedgerBalance.Row balance() throws InterruptedException {
        LedgerBalance balance = LedgerCommand.await(service.credentials(), STORED);
        assertThat(balance.gaps()).isEmpty();
        assertThat(balance.closes()).isTrue();
        return balance.rows().get(CENTER);
    }

    private void awaitRows(String select, String... rows) {
        await().atMost(STORED)
                .untilAsserted(() -> assertThat(service.query(select + " WHERE device = '" + DEVICE + "'"))
                        .containsExactlyInAnyOrder(rows));
    }

    /** As the gateway writes what named only its device. */
    private Reading nobodys(double value) {
        Instant now = Instant.now().truncatedTo(ChronoUnit.MICROS);
        return Reading.newBuilder()
                .setCenter(CENTER)
                .setSubject(SubjectKey.unassigned(DEVICE))
                .setDevice(DEVICE)
                .setVendor("isens-vendor")
                .setMetric("glucose_cgm")
                .setValue(value)
                .setUnit("mg/dL")
                .setLimit(Limit.NONE)
                .setTime(start)
                .setReceivedAt(now)
                .build();
    }

    private void produce(Topic topic, String key, IndexedRecord value) {
        KafkaAvroSerializer serializer = new KafkaAvroSerializer();
        serializer.configure(
                Map.of(SchemaRegistryConfig.URL, service.credentials().registry()), false);
        Properties properties = new Properties();
        properties.put("bootstrap.servers", service.credentials().kafka());
        try (KafkaProducer<String, IndexedRecord> producer =
                new KafkaProducer<>(properties, new StringSerializer(), serializer)) {
            producer.send(new ProducerRecord<>(topic.topicName(), key, value));
        }
    }
}
