package org.lifelog.streams.research;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class KeysExceptionTest {
    @Test
    void everyProblemIsTold() {
        KeysException e = new KeysException(Path.of("keys"), List.of("isens.yaml: is empty", "x.yaml: is empty"));
        assertThat(e.problems()).containsExactly("isens.yaml: is empty", "x.yaml: is empty");
        assertThat(e)
                .hasMessage(
                        "The keys for research in keys cannot be used:\n  isens.yaml: is empty\n  x.yaml: is empty");
    }
}
