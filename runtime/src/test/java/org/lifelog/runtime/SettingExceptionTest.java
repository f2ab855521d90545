package org.lifelog.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class SettingExceptionTest {
    @Test
    void theMessageListsEveryProblem() {
        assertThat(new SettingException(List.of("a is missing", "b is wrong")))
                .hasMessage("The configuration cannot be used:\n  a is missing\n  b is wrong");
    }
}
