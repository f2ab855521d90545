package org.lifelog.registry;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SchemaRegistryExceptionTest {
    @ParameterizedTest
    @CsvSource({
        "400, false",
        "401, false",
        "404, false",
        "408, true",
        "409, false",
        "422, false",
        "429, true",
        "500, true",
        "503, true"
    })
    void overloadPassesAndRefusalStays(int status, boolean passing) {
        assertThat(new SchemaRegistryException("", status, 0).passing()).isEqualTo(passing);
    }

    @Test
    void noAnswerMayComeLater() {
        SchemaRegistryException e = new SchemaRegistryException("lost", new IOException());
        assertThat(e.status()).isEqualTo(SchemaRegistryException.NO_ANSWER);
        assertThat(e.passing()).isTrue();
    }
}
