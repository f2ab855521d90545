package org.lifelog.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.avro.generic.IndexedRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.lifelog.avro.Limit;
import org.lifelog.avro.QuarantinedReading;
import org.lifelog.avro.Reading;
import org.lifelog.contract.Topic;
import org.lifelog.embedded.testing.Infrastructure;
import org.lifelog.gateway.RunningGateway;
import org.lifelog.registry.KafkaAvroSerializer;

class RejectionCallsTest {
    private static final Instant START = Instant.parse("2026-11-24T00:00:00Z");
    private static final int COUNT = 250;

    private static RunningGateway gateway;
    private static KafkaProducer<String, IndexedRecord> producer;

    @BeforeAll
    static void start() {
        gateway = RunningGateway.start();
        KafkaAvroSerializer serializer = new KafkaAvroSerializer();
        serializer.configure(
                Map.of("schema.registry.url", Infrastructure.registryUrl(), "auto.register.schemas", false), false);
        producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", Infrastructure.kafka()), new StringSerializer(), serializer);
        for (int i = 0; i < COUNT; i++) {
            write("isens", RunningGateway.ISENS, i, null);
        }
        write("kweather", RunningGateway.KWEATHER, 7, null);
        write("isens", "another-vendor", 8, null);
        producer.flush();
        await().untilAsserted(() ->
                assertThat(page("?limit=1000").getJsonArray("rejections")).hasSizeGreaterThanOrEqualTo(COUNT));
    }

    @AfterAll
    static void stop() {
        producer.close();
        gateway.close();
    }

    private static void write(String center, String vendor, int minute, Instant releasedAt) {
        Reading reading = Reading.newBuilder()
                .setCenter(center)
                .setSubject("~meter-9")
                .setDevice("meter-9")
                .setVendor(vendor)
                .setMetric("glucose_cgm")
                .setAttributes("")
                .setValue(Double.NaN)
                .setUnit("mg/dL")
                .setLimit(Limit.HIGH)
                .setTime(START.plusSeconds(minute * 60L))
                .setSequence((long) minute)
                .setReceivedAt(START)
                .build();
        producer.send(new ProducerRecord<>(
                Topic.QUARANTINED.topicName(),
                center + "/~meter-" + minute % 10,
                QuarantinedReading.newBuilder()
                        .setCenter(center)
                        .setDevice("meter-9")
                        .setVendor(vendor)
                        .setReading(reading)
                        .setReasons(List.of("unassigned-device"))
                        .setDetail("The device is assigned to nobody.")
                        .setReceivedAt(START)
                        .setQuarantinedAt(START.plusSeconds(minute * 60L))
                        .setReleasedAt(releasedAt)
                        .build()));
    }

    @Test
    void theNewestComeFirstPageByPage() {
        List<Long> sequences = new ArrayList<>();
        String next = "";
        int pages = 0;
        do {
            JsonObject page = page("?since=2026-11-24T00:00:00Z&limit=100" + next);
            assertThat(page.getBoolean("complete")).isTrue();
            page.getJsonArray("rejections")
                    .forEach(one -> sequences.add(
                            ((JsonObject) one).getJsonObject("reading").getLong("sequence")));
            next = page.containsKey("next") ? "&before=" + page.getString("next") : "";
            pages++;
        } while (!next.isEmpty());
        assertThat(pages).isEqualTo(3);
        assertThat(sequences).hasSize(COUNT).isSortedAccordingTo(java.util.Comparator.reverseOrder());
    }

    @Test
    void whatIsOfAnErasedSubjectIsForgotten() {
        for (String subject : List.of("S-9", "S-90")) {
            producer.send(new ProducerRecord<>(
                    Topic.QUARANTINED.topicName(),
                    "isens/" + subject,
                    QuarantinedReading.newBuilder()
                            .setCenter("isens")
                            .setSubject(subject)
                            .setDevice("of " + subject)
                            .setVendor(RunningGateway.ISENS)
                            .setReasons(List.of("impossible-value"))
                            .setReceivedAt(START.minusSeconds(60))
                            .setQuarantinedAt(START.minusSeconds(60))
                            .build()));
        }
        await().untilAsserted(() -> assertThat(devicesBeforeStart()).containsExactlyInAnyOrder("of S-9", "of S-90"));

        producer.send(new ProducerRecord<>(Topic.QUARANTINED.topicName(), "isens/S-9", null));

        await().untilAsserted(() -> assertThat(devicesBeforeStart()).containsExactly("of S-90"));
    }

    private static List<String> devicesBeforeStart() {
        return page("?limit=1000").getJsonArray("rejections").stream()
                .map(JsonObject.class::cast)
                .filter(one -> Instant.parse(one.getString("quarantinedAt")).isBefore(START))
                .map(one -> one.getString("device"))
                .toList();
    }

    @Test
    void sinceIsInclusive() {
        JsonArray since = page("?since=2026-11-24T13:09:00%2B09:00").getJsonArray("rejections");
        assertThat(since).hasSize(1);
        assertThat(since.getJsonObject(0).getJsonObject("reading")).isEqualTo(new JsonObject("""
                {"device": "meter-9", "metric": "glucose_cgm", "value": "HIGH", "unit": "mg/dL",
                 "time": "2026-11-24T04:09:00Z", "sequence": 249}"""));
        assertThat(since.getJsonObject(0).getJsonArray("reasons")).containsExactly("unassigned-device");
        assertThat(page("?since=2026-11-24T04:09:00.000001Z").getJsonArray("rejections"))
                .isEmpty();
    }

    @Test
    void onlyTheVendorsOwnAreShown() {
        HttpResponse<String> answer = gateway.send(gateway.request("/v1/centers/kweather/rejections")
                .header("Authorization", RunningGateway.basic(RunningGateway.KWEATHER, RunningGateway.PASSWORD)));
        assertThat(new JsonObject(answer.body()).getJsonArray("rejections")).hasSize(1);
    }

    @Test
    void aReleaseIsNoOtherRejection() {
        write("isens", RunningGateway.ISENS, 5, START.plusSeconds(9_999));
        producer.flush();
        await().untilAsserted(() -> {
            JsonArray all = page("?since=2026-11-24T00:00:00Z&limit=1000").getJsonArray("rejections");
            assertThat(all).hasSize(COUNT);
            assertThat(all.getJsonObject(COUNT - 6).getString("releasedAt")).isEqualTo("2026-11-24T02:46:39Z");
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "since=yesterday",
                "since=2026-11-24T00:00:00",
                "limit=0",
                "limit=1001",
                "before=x",
                "before=x_1_1"
            })
    void whatIsNoParameterIsMalformed(String query) {
        HttpResponse<String> answer = get("?" + query);
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(new JsonObject(answer.body()).getString("code")).isEqualTo("malformed");
    }

    private static JsonObject page(String query) {
        HttpResponse<String> answer = get(query);
        return answer.statusCode() == 200
                ? new JsonObject(answer.body())
                : new JsonObject().put("rejections", new JsonArray());
    }

    private static HttpResponse<String> get(String query) {
        return gateway.send(gateway.request("/v1/centers/isens/rejections" + query)
                .header("Authorization", RunningGateway.basic(RunningGateway.ISENS, RunningGateway.PASSWORD)));
    }
}
