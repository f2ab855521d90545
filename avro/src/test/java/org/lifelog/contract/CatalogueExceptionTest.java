package org.lifelog.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class CatalogueExceptionTest {
    @Test
    void theMessageListsEveryProblem() {
        CatalogueException e = new CatalogueException("The metric catalogue", List.of("a.csv:2: x", "b.csv:3: y"));
        assertThat(e.problems()).containsExactly("a.csv:2: x", "b.csv:3: y");
        assertThat(e).hasMessage("The metric catalogue cannot be used:\n  a.csv:2: x\n  b.csv:3: y");
    }
}
