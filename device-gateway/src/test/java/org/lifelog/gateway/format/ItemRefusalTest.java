package org.lifelog.gateway.format;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.lifelog.gateway.failure.Problem;

class ItemRefusalTest {
    @Test
    void itHasACodeAndADetailAndNoStackTrace() {
        ItemRefusal refusal = new ItemRefusal(Problem.Code.ERROR_CODE, "This is an error code.");
        assertThat(refusal.code().text()).isEqualTo("error-code");
        assertThat(refusal).hasMessage("This is an error code.");
        assertThat(refusal.getStackTrace()).isEmpty();
    }
}
