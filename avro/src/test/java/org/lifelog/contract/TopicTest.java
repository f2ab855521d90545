package org.lifelog.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.avro.JsonProperties;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TopicTest {
    private static final String SENTENCE = "(?s)[A-Z].*\\.";

    @Test
    void aTopicKnowsItsNameSubjectAndSchema() {
        assertThat(Topic.READINGS.topicName()).isEqualTo("lifelog.readings");
        assertThat(Topic.READINGS.subject()).isEqualTo("lifelog.readings-value");
        assertThat(Topic.READINGS.schema().getFullName()).isEqualTo("org.lifelog.avro.Reading");
        assertThat(Topic.QUARANTINED.schema().getFullName()).isEqualTo("org.lifelog.avro.QuarantinedReading");
    }

    @Test
    void namesStay() {
        assertThat(Topic.values())
                .extracting(Topic::topicName)
                .containsExactly(
                        "lifelog.readings",
                        "lifelog.devices",
                        "lifelog.readings.released",
                        "lifelog.readings.valid",
                        "lifelog.readings.quarantined",
                        "lifelog.aggregates",
                        "lifelog.ledger",
                        "lifelog.gateway.sessions");
    }

    @Test
    void readingsAreKeptAWeekFromTheirArrival() {
        assertThat(Topic.READINGS.settings())
                .containsEntry("cleanup.policy", "delete")
                .containsEntry("retention.ms", "604800000")
                .containsEntry("message.timestamp.type", "LogAppendTime");
        assertThat(Topic.QUARANTINED.settings()).containsEntry("retention.ms", "2592000000");
    }

    @Test
    void devicesAreKeptByTheirLastState() {
        assertThat(Topic.DEVICES.settings())
                .containsEntry("cleanup.policy", "compact")
                .doesNotContainKey("retention.ms");
        assertThat(Topic.LEDGER.settings()).containsEntry("cleanup.policy", "compact");
        assertThat(Topic.SESSIONS.settings()).containsEntry("cleanup.policy", "compact");
    }

    /** The schemas of all topics, those of centers included. */
    static Stream<Schema> schemas() {
        return Stream.concat(
                Stream.of(Topic.values()).map(Topic::schema),
                Stream.of(ResearchTopic.values()).map(ResearchTopic::schema));
    }

    @ParameterizedTest
    @MethodSource("schemas")
    void everythingInASchemaIsDescribedInSentences(Schema values) {
        named(values).forEach(schema -> {
            assertThat(schema.getDoc()).as(schema.getFullName()).matches(SENTENCE);
            if (schema.getType() == Schema.Type.RECORD) {
                schema.getFields()
                        .forEach(field -> assertThat(field.doc())
                                .as("%s.%s", schema.getFullName(), field.name())
                                .matches(SENTENCE));
            }
        });
    }

    @ParameterizedTest
    @MethodSource("schemas")
    void whatMayBeNullIsNullByDefault(Schema values) {
        named(values)
                .filter(schema -> schema.getType() == Schema.Type.RECORD)
                .flatMap(schema -> schema.getFields().stream())
                .filter(field -> field.schema().isNullable())
                .forEach(
                        field -> assertThat(field.defaultVal()).as(field.name()).isEqualTo(JsonProperties.NULL_VALUE));
    }

    @ParameterizedTest
    @MethodSource("schemas")
    void symbolsOfANewerVersionBecomeUnknown(Schema values) {
        named(values)
                .filter(schema -> schema.getType() == Schema.Type.ENUM)
                .forEach(schema -> assertThat(schema.getEnumDefault())
                        .as(schema.getFullName())
                        .isEqualTo("UNKNOWN"));
    }

    /** A long that is a time says so, so that nobody takes seconds for milliseconds. */
    @ParameterizedTest
    @MethodSource("schemas")
    void timesAreMicroseconds(Schema values) {
        named(values)
                .filter(schema -> schema.getType() == Schema.Type.RECORD)
                .flatMap(schema -> schema.getFields().stream())
                .filter(field -> field.name().toLowerCase(Locale.ROOT).matches("time|end|from|to|.*at"))
                .flatMap(field -> alternatives(field.schema()))
                .filter(schema -> schema.getType() == Schema.Type.LONG)
                .forEach(schema -> assertThat(schema.getLogicalType().getName()).isEqualTo("timestamp-micros"));
    }

    private static Stream<Schema> alternatives(Schema schema) {
        return schema.isUnion() ? schema.getTypes().stream() : Stream.of(schema);
    }

    /** The records and enums of a schema, itself included. */
    private static Stream<Schema> named(Schema schema) {
        Set<Schema> found = new HashSet<>();
        collect(schema, found);
        assertThat(found).isNotEmpty();
        return found.stream();
    }

    private static void collect(Schema schema, Set<Schema> found) {
        switch (schema.getType()) {
            case RECORD -> {
                if (found.add(schema)) {
                    schema.getFields().forEach(field -> collect(field.schema(), found));
                }
            }
            case ENUM -> found.add(schema);
            case ARRAY -> collect(schema.getElementType(), found);
            case UNION -> schema.getTypes().forEach(type -> collect(type, found));
            default -> {
                // without a name
            }
        }
    }
}
