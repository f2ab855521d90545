package org.lifelog.registry;

import java.time.Instant;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.lifelog.avro.Limit;
import org.lifelog.avro.Reading;

/** A reading and small schemas for tests. */
final class Example {
    /** The first version of a schema. */
    static final Schema MOOD = SchemaBuilder.record("Mood")
            .namespace("org.example")
            .fields()
            .requiredInt("score")
            .endRecord();

    /** The second version, which reads what the first one wrote. */
    static final Schema MOOD_WITH_NOTE = SchemaBuilder.record("Mood")
            .namespace("org.example")
            .fields()
            .requiredInt("score")
            .name("note")
            .type()
            .unionOf()
            .nullType()
            .and()
            .stringType()
            .endUnion()
            .nullDefault()
            .endRecord();

    private Example() {}

    static Reading reading() {
        return Reading.newBuilder()
                .setCenter("isens")
                .setSubject("S-0042")
                .setDevice("caresens-8F31")
                .setVendor("isens-vendor")
                .setMetric("glucose_smbg")
                .setAttributes("meal=fasting")
                .setValue(6.4)
                .setUnit("mmol/L")
                .setLimit(Limit.NONE)
                .setTime(Instant.parse("2026-11-24T07:31:05.123456+09:00"))
                .setOffsetSeconds(32_400)
                .setSequence(311L)
                .setReceivedAt(Instant.parse("2026-11-23T22:31:06.000001Z"))
                .setFlags(List.of())
                .build();
    }
}
