package org.lifelog.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import org.apache.avro.generic.IndexedRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.lifelog.avro.Aggregate;
import org.lifelog.avro.Reading;
import org.lifelog.avro.WindowSize;
import org.lifelog.contract.Attributes;
import org.lifelog.contract.Catalogue;
import org.lifelog.contract.Centers;
import org.lifelog.contract.Topic;
import org.lifelog.registry.KafkaAvroDeserializer;
import org.lifelog.registry.SchemaRegistryConfig;

/** Simulated devices of all centers over both protocols: each reading is read back from Kafka and SQL and compared. */
class EndToEndReadingsTest {
    private static final Duration STORED = Duration.ofMinutes(3);
    private static final Duration SPAN = Duration.ofDays(3);

    private final RunningPlatform service = RunningPlatform.shared();
    private final Catalogue catalogue = Catalogue.load();
    private final Centers centers = Centers.load(catalogue);
    private final Instant to = Instant.now().truncatedTo(ChronoUnit.HOURS);

    @Test
    void everyReadingOfEveryCenterArrivesOnceInKafkaAndInTheDatabase() throws IOException, InterruptedException {
        Map<String, List<Outgoing>> sent = simulate();
        Set<String> preferred = new HashSet<>();
        for (Outgoing outgoing : sent.get("goodoc")) {
            String device = outgoing.json().path("device").asText();
            if (device.startsWith("pocket-") && preferred.add(device)) {
                prefer("goodoc", device);
            }
        }
        assertThat(preferred).isNotEmpty();
        int turn = 0;
        for (Map.Entry<String, List<Outgoing>> entry : sent.entrySet()) {
            boolean overMqtt = turn++ % 2 == 0;
            try (ReadingSender sender = overMqtt ? service.mqtt(entry.getKey()) : service.http(entry.getKey())) {
                sendAll(sender, entry.getValue());
            }
        }
        assertThat(LedgerCommand.await(service.credentials(), STORED).closes()).isTrue();

        compareWithKafka(sent);
        compareWithDatabase(sent);
        compareNights();

        // Once more, by the other protocol: nothing changes but the number of duplicates.
        Map<String, Long> duplicatesBefore = duplicates(LedgerBalance.take(service.credentials()));
        turn = 0;
        for (Map.Entry<String, List<Outgoing>> entry : sent.entrySet()) {
            boolean overMqtt = turn++ % 2 != 0;
            try (ReadingSender sender = overMqtt ? service.mqtt(entry.getKey()) : service.http(entry.getKey())) {
                sendAll(sender, entry.getValue());
            }
        }
        LedgerBalance balance = LedgerCommand.await(service.credentials(), STORED);
        assertThat(balance.closes()).isTrue();
        sent.forEach((center, readings) -> assertThat(
                        duplicates(balance).get(center) - duplicatesBefore.getOrDefault(center, 0L))
                .as(center)
                .isEqualTo(readings.size()));
        compareWithDatabase(sent);
        compareAggregates();

        correctAndWithdraw(sent);
        compareAggregates();
    }

    /** Some readings are corrected and some withdrawn, now that they and their windows are in the database. */
    private void correctAndWithdraw(Map<String, List<Outgoing>> sent) throws InterruptedException {
        Map<String, Double> corrected = new HashMap<>();
        Set<String> withdrawn = new HashSet<>();
        for (Map.Entry<String, List<Outgoing>> entry : sent.entrySet()) {
            List<Outgoing> changes = new ArrayList<>();
            for (int i = 0; i < entry.getValue().size(); i += 31) {
                ObjectNode changed = entry.getValue().get(i).json().deepCopy();
                if (i % 2 == 0) {
                    changed.put("status", "withdrawn").remove(List.of("value", "unit"));
                    withdrawn.add(identity(entry.getKey(), changed));
                } else if (changed.path("value").asDouble() > 10) {
                    changed.put("status", "corrected");
                    changed.put("value", changed.path("value").asDouble() - 0.5);
                    corrected.put(identity(entry.getKey(), changed), canonical(changed));
                } else {
                    continue;
                }
                changes.add(new Outgoing(0, changed));
            }
            try (ReadingSender sender = service.http(entry.getKey())) {
                sendAll(sender, changes);
            }
        }
        LedgerBalance balance = LedgerCommand.await(service.credentials(), STORED);
        assertThat(balance.closes()).isTrue();
        assertThat(balance.rows().values().stream()
                        .mapToLong(LedgerBalance.Row::corrected)
                        .sum())
                .isEqualTo(corrected.size())
                .isGreaterThan(100);
        assertThat(balance.rows().values().stream()
                        .mapToLong(LedgerBalance.Row::withdrawn)
                        .sum())
                .isEqualTo(withdrawn.size())
                .isGreaterThan(100);
        Map<String, Double> stored = new HashMap<>();
        service.query(
                        "SELECT center, subject, device, metric, attributes,"
                                + " to_char(time AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"'), value FROM v_reading")
                .forEach(row -> {
                    String[] c = row.split("\\|", -1);
                    stored.put(identity(c[0], c[1], c[2], c[3], c[4], Instant.parse(c[5])), Double.valueOf(c[6]));
                });
        assertThat(stored).doesNotContainKeys(withdrawn.toArray(new String[0])).containsAllEntriesOf(corrected);
    }

    private static Map<String, Long> duplicates(LedgerBalance balance) {
        Map<String, Long> duplicates = new HashMap<>();
        balance.rows().forEach((center, row) -> duplicates.put(center, row.duplicate()));
        return duplicates;
    }

    private Map<String, List<Outgoing>> simulate() {
        Map<String, List<Outgoing>> sent = new TreeMap<>();
        SimulatedCenters.byCenter().forEach((center, series) -> {
            ZoneId zone = centers.center(center).orElseThrow().zone();
            List<Outgoing> readings = new ArrayList<>();
            series.forEach(one -> one.readings(to.minus(SPAN), to, zone, json -> readings.add(new Outgoing(0, json))));
            readings.addAll(pockets(readings));
            sent.put(center, readings);
        });
        assertThat(sent.keySet())
                .containsExactlyInAnyOrderElementsOf(
                        centers.all().stream().map(center -> center.code()).toList());
        assertThat(sent.values()).allSatisfy(readings -> assertThat(readings).isNotEmpty());
        return sent;
    }

    /** Phones that count the same steps five minutes off, but for every third quarter of an hour. */
    private static List<Outgoing> pockets(List<Outgoing> readings) {
        List<Outgoing> pockets = new ArrayList<>();
        for (int i = 0; i < readings.size(); i++) {
            ObjectNode json = readings.get(i).json();
            if (json.path("metric").asText().equals("steps") && i % 3 != 0) {
                ObjectNode pocket = json.deepCopy();
                pocket.put("device", "pocket-" + json.path("subject").asText());
                pocket.put("time", fiveMinutesBefore(json.path("time").asText()));
                pocket.put("end", fiveMinutesBefore(json.path("end").asText()));
                pockets.add(new Outgoing(0, pocket));
            }
        }
        return pockets;
    }

    private static String fiveMinutesBefore(String time) {
        return OffsetDateTime.parse(time).minusMinutes(5).toString();
    }

    private void prefer(String center, String device) throws IOException, InterruptedException {
        ServiceCredentials.Account account =
                service.credentials().gateway().centers().get(center);
        String credential = account.username() + ":" + account.password();
        HttpResponse<String> answer = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(
                                        service.credentials().gateway().http() + "/v1/centers/" + center + "/devices/"
                                                + device))
                                .header(
                                        "Authorization",
                                        "Basic "
                                                + Base64.getEncoder()
                                                        .encodeToString(credential.getBytes(StandardCharsets.UTF_8)))
                                .PUT(HttpRequest.BodyPublishers.ofString("{\"priority\": 10}"))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
    }

    private static void sendAll(ReadingSender sender, List<Outgoing> readings) throws InterruptedException {
        for (int i = 0; i < readings.size(); i += 700) {
            ReadingSender.Outcome outcome = sender.send(readings.subList(i, Math.min(i + 700, readings.size())));
            assertThat(outcome.problems()).isEmpty();
        }
    }

    /** A reading's identity, as it is written here for both sides. */
    private static String identity(
            String center, String subject, String device, String metric, String attributes, Instant time) {
        return String.join("|", center, subject, device, metric, attributes, time.toString());
    }

    private String identity(String center, ObjectNode json) {
        Map<String, String> attributes = new TreeMap<>();
        json.path("attributes")
                .properties()
                .forEach(e -> attributes.put(e.getKey(), e.getValue().asText()));
        return identity(
                center,
                json.path("subject").asText(),
                json.path("device").asText(),
                json.path("metric").asText(),
                Attributes.canonical(attributes),
                OffsetDateTime.parse(json.path("time").asText()).toInstant());
    }

    private double canonical(ObjectNode json) {
        return catalogue
                .conversion(json.path("metric").asText(), json.path("unit").asText())
                .orElseThrow()
                .toCanonical(json.path("value").asDouble());
    }

    private void compareWithKafka(Map<String, List<Outgoing>> sent) {
        Set<String> identities = new HashSet<>();
        sent.forEach(
                (center, readings) -> readings.forEach(outgoing -> identities.add(identity(center, outgoing.json()))));
        Map<String, Reading> received = new HashMap<>();
        read(Topic.VALID).forEach(value -> {
            Reading reading = (Reading) value;
            String identity = identity(
                    reading.getCenter(),
                    reading.getSubject(),
                    reading.getDevice(),
                    reading.getMetric(),
                    reading.getAttributes(),
                    reading.getTime());
            if (!identities.contains(identity)) {
                return; // a night, which comes once more with each of its stages, or another test's
            }
            Reading before = received.put(identity, reading);
            assertThat(before).as("one record for each identity").isNull();
        });
        sent.forEach((center, readings) -> readings.forEach(outgoing -> {
            ObjectNode json = outgoing.json();
            Reading reading = received.get(identity(center, json));
            assertThat(reading).as("in Kafka").isNotNull();
            assertThat(reading.getValue()).isEqualTo(canonical(json));
            assertThat(reading.getUnit())
                    .isEqualTo(
                            catalogue.metric(reading.getMetric()).orElseThrow().unit());
            assertThat(reading.getVendor()).isEqualTo(center + "-vendor");
            assertThat(reading.getOffsetSeconds()).isEqualTo(9 * 3_600);
            if (json.has("end")) {
                assertThat(reading.getEnd())
                        .isEqualTo(
                                OffsetDateTime.parse(json.path("end").asText()).toInstant());
            }
            if (!json.path("unit").asText().equals(reading.getUnit())) {
                assertThat(reading.getSentValue()).isEqualTo(json.path("value").asDouble());
                assertThat(reading.getSentUnit()).isEqualTo(json.path("unit").asText());
            }
        }));
    }

    private void compareWithDatabase(Map<String, List<Outgoing>> sent) {
        Map<String, String> stored = new HashMap<>();
        service.query("SELECT center, subject, device, metric, attributes,"
                        + " to_char(time AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"'),"
                        + " value, unit, extract(epoch FROM end_time)::bigint FROM v_reading")
                .forEach(row -> {
                    String[] c = row.split("\\|", -1);
                    String before = stored.put(
                            identity(c[0], c[1], c[2], c[3], c[4], Instant.parse(c[5])),
                            c[6] + "|" + c[7] + "|" + c[8]);
                    assertThat(before).as("one row for each identity").isNull();
                });
        sent.forEach((center, readings) -> {
            readings.forEach(outgoing -> {
                ObjectNode json = outgoing.json();
                String row = stored.get(identity(center, json));
                assertThat(row).as("in the database").isNotNull();
                String[] c = row.split("\\|", -1);
                assertThat(Double.parseDouble(c[0])).isEqualTo(canonical(json));
                assertThat(c[2])
                        .isEqualTo(
                                json.has("end")
                                        ? Long.toString(OffsetDateTime.parse(
                                                        json.path("end").asText())
                                                .toEpochSecond())
                                        : "null");
            });
        });
    }

    /** Simulated wearers sleep from midnight to half past seven; a night that the start of the span cuts is shorter. */
    private void compareNights() {
        List<String> nights = service.query("SELECT to_char(n.time AT TIME ZONE 'Asia/Seoul', 'HH24:MI'), n.value,"
                + " d.n, to_char(d.time AT TIME ZONE 'Asia/Seoul', 'HH24:MI')"
                + " FROM v_reading n JOIN v_aggregate_1d d USING (center, subject, metric, attributes)"
                + " WHERE n.metric = 'sleep_night' AND n.attributes = 'part=asleep'"
                + " AND d.time = date_trunc('day', n.time, 'Asia/Seoul') AND n.value = d.sum"
                + " AND to_char(n.time AT TIME ZONE 'Asia/Seoul', 'HH24:MI') = '07:30'"
                + " AND n.time - interval '450 minutes' >= '" + to.minus(SPAN) + "'");
        // Six wearers over three days, of which two or three begin and end with a whole night.
        assertThat(nights).hasSizeGreaterThanOrEqualTo(12).containsOnly("07:30|450|1|00:00");
    }

    /** What counts of each reading: of steps, the value times the share of the time that no device has which goes first. */
    private static final String COUNTED = """
            counted AS MATERIALIZED (
              SELECT r.center, r.subject, r.metric, r.attributes, r.time, r.flags, r.value * s.share AS value
              FROM v_reading r
              CROSS JOIN LATERAL (
                SELECT sum(extract(epoch FROM upper(free) - lower(free)))::float8
                       / extract(epoch FROM r.end_time - r.time)::float8 AS share
                FROM unnest(tstzmultirange(tstzrange(r.time, r.end_time)) - coalesce((
                  SELECT range_agg(tstzrange(o.time, o.end_time)) FROM v_reading o
                  WHERE o.center = r.center AND o.subject = r.subject AND o.metric = r.metric
                    AND o.attributes = r.attributes AND o.device <> r.device
                    AND o.time > r.time - interval '48 hours' AND o.time < r.end_time AND o.end_time > r.time
                    AND (o.priority > r.priority
                         OR o.priority = r.priority AND o.device COLLATE "C" < r.device COLLATE "C")),
                  '{}'::tstzmultirange)) free) s
              WHERE r.metric = 'steps' AND r.end_time IS NOT NULL AND s.share > 0
              UNION ALL
              SELECT center, subject, metric, attributes, time, flags, value FROM v_reading
              WHERE metric <> 'steps' OR end_time IS NULL)
            """;

    /** Every window of every series, in the topic and in the database, against SQL over the stored readings. */
    private void compareAggregates() {
        Map<String, Aggregate> newest = new HashMap<>();
        read(Topic.AGGREGATES).stream()
                .map(Aggregate.class::cast)
                .filter(aggregate -> aggregate.getWindow() == WindowSize.HOUR)
                .forEach(aggregate -> newest.put(
                        String.join(
                                "|",
                                aggregate.getCenter(),
                                aggregate.getSubject(),
                                aggregate.getMetric(),
                                aggregate.getAttributes(),
                                aggregate.getTime().toString()),
                        aggregate));
        List<String> expected = service.query("WITH " + COUNTED
                + "SELECT center, subject, metric, attributes, to_char(date_trunc('hour', time, 'Asia/Seoul')"
                + " AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"'), count(*), sum(value), min(value),"
                + " max(value), CASE WHEN metric = 'noise' THEN 10 * log(avg(power(10::float8,"
                + " CASE WHEN metric = 'noise' THEN value / 10 END))) ELSE avg(value) END, bool_or('late' = ANY (flags))"
                + " FROM counted GROUP BY 1, 2, 3, 4, 5");
        assertThat(expected).hasSizeGreaterThan(1_000);
        assertThat(service.query("WITH " + COUNTED + "SELECT (SELECT count(*) FROM counted) < count(*) FROM v_reading"))
                .containsExactly("t");
        for (String row : expected) {
            String[] c = row.split("\\|", -1);
            if (c[10].equals("t")) {
                continue; // late windows are the sink's; they are compared in the database below
            }
            Aggregate aggregate = newest.get(String.join("|", c[0], c[1], c[2], c[3], c[4]));
            assertThat(aggregate).as(c[2] + " at " + c[4]).isNotNull();
            assertThat(aggregate.getN()).isEqualTo(Long.parseLong(c[5]));
            assertThat(aggregate.getSum()).isEqualTo(Double.parseDouble(c[6]), tolerance(c[6]));
            assertThat(aggregate.getMin()).isEqualTo(Double.parseDouble(c[7]));
            assertThat(aggregate.getMax()).isEqualTo(Double.parseDouble(c[8]));
            assertThat(aggregate.getMean()).isEqualTo(Double.parseDouble(c[9]), tolerance(c[9]));
        }
        for (String[] table : new String[][] {{"1m", "minute"}, {"1h", "hour"}, {"1d", "day"}}) {
            List<String> different = service.query(
                    "WITH " + COUNTED + ", plain AS (SELECT center, subject, metric, attributes,"
                            + " date_trunc('" + table[1]
                            + "', time, 'Asia/Seoul') AS time, count(*) AS n, sum(value) AS sum,"
                            + " min(value) AS min, max(value) AS max, stddev_samp(value) AS sd,"
                            + " (array_agg(value ORDER BY counted.time, value))[1] AS first,"
                            + " (array_agg(value ORDER BY counted.time DESC, value DESC))[1] AS last"
                            + " FROM counted GROUP BY 1, 2, 3, 4, 5)"
                            + " SELECT coalesce(p.metric, a.metric), coalesce(p.time, a.time) FROM plain p"
                            + " FULL JOIN v_aggregate_" + table[0]
                            + " a USING (center, subject, metric, attributes, time)"
                            + " WHERE (p.n = a.n AND abs(p.sum - a.sum) <= 1e-9 * abs(p.sum) AND p.min = a.min AND p.max = a.max"
                            + " AND p.first = a.first AND p.last = a.last"
                            + " AND coalesce(abs(p.sd - a.sd) <= 1e-6 * (1 + p.sd), p.sd IS NULL AND a.sd IS NULL)) IS NOT TRUE");
            assertThat(different).as("windows of " + table[0] + " that differ").isEmpty();
        }
    }

    private static Offset<Double> tolerance(String value) {
        return within(1e-9 * (1 + Math.abs(Double.parseDouble(value))));
    }

    private List<IndexedRecord> read(Topic topic) {
        KafkaAvroDeserializer deserializer = new KafkaAvroDeserializer();
        deserializer.configure(
                Map.of(
                        SchemaRegistryConfig.URL,
                        service.credentials().registry(),
                        SchemaRegistryConfig.SPECIFIC_READER,
                        true),
                false);
        Properties properties = new Properties();
        properties.put("bootstrap.servers", service.credentials().kafka());
        properties.put("isolation.level", "read_committed");
        List<IndexedRecord> values = new ArrayList<>();
        try (KafkaConsumer<String, IndexedRecord> consumer =
                new KafkaConsumer<>(properties, new StringDeserializer(), deserializer)) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic.topicName()).stream()
                    .map(info -> new TopicPartition(info.topic(), info.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (partitions.stream().anyMatch(one -> consumer.position(one) < ends.get(one))) {
                consumer.poll(Duration.ofMillis(100)).forEach(record -> {
                    if (record.value() != null) { // another test erases a subject
                        values.add(record.value());
                    }
                });
            }
        }
        return values;
    }
}
