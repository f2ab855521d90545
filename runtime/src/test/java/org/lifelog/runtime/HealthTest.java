package org.lifelog.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class HealthTest {
    private final Health health = new Health();

    @Test
    void everyCheckIsAskedByName() {
        health.add("kafka", () -> Health.Check.up("the topic is there"));
        health.add("database", () -> Health.Check.down("no answer"));
        assertThat(health.checks())
                .containsExactly(
                        Map.entry("database", new Health.Check(false, "no answer")),
                        Map.entry("kafka", new Health.Check(true, "the topic is there")));
    }

    @Test
    void aCheckThatThrowsIsDown() {
        health.add("kafka", () -> {
            throw new IllegalStateException("secret detail");
        });
        assertThat(health.checks())
                .containsExactly(
                        Map.entry("kafka", new Health.Check(false, "the check failed with IllegalStateException")));
    }

    @Test
    void aCheckOfTheSameNameReplacesTheOne() {
        health.add("kafka", () -> Health.Check.down("not looked at yet"));
        health.add("kafka", () -> Health.Check.up("well"));
        assertThat(health.checks()).containsExactly(Map.entry("kafka", Health.Check.up("well")));
    }
}
