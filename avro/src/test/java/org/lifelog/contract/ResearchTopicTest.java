package org.lifelog.contract;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ResearchTopicTest {
    @Test
    void aTopicKnowsItsNameForEachCenter() {
        assertThat(ResearchTopic.READINGS.topicName("isens")).isEqualTo("lifelog.research.isens.readings");
        assertThat(ResearchTopic.READINGS.subject("isens")).isEqualTo("lifelog.research.isens.readings-value");
        assertThat(ResearchTopic.AGGREGATES.topicName("korea-univ"))
                .isEqualTo("lifelog.research.korea-univ.aggregates");
    }

    @ParameterizedTest
    @EnumSource
    void recordsAreKeptThirtyDays(ResearchTopic topic) {
        assertThat(topic.settings())
                .containsEntry("cleanup.policy", "delete")
                .containsEntry("retention.ms", "2592000000");
    }

    /** What names somebody, or ties a record to those of the other topics. */
    @ParameterizedTest
    @EnumSource
    void noFieldIsForWhatIdentifies(ResearchTopic topic) {
        assertThat(topic.schema().getFields())
                .extracting(Schema.Field::name)
                .contains("release", "pseudonym")
                .doesNotContain("subject", "device", "vendor", "sequence", "receivedAt");
    }
}
