package org.lifelog.portal;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class EntityTagTest {
    @Test
    void isTheStartOfTheContentsHashInQuotes() {
        // printf abc | sha256sum
        assertThat(EntityTag.of("abc".getBytes(StandardCharsets.US_ASCII)).text())
                .isEqualTo("\"ba7816bf8f01cfea414140de5dae2223\"");
    }
}
