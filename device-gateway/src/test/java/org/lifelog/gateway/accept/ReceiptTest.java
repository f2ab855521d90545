package org.lifelog.gateway.accept;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.lifelog.gateway.failure.Problem;

class ReceiptTest {
    private static final Problem PROBLEM =
            new Problem(1, Problem.Code.UNIT_NOT_ALLOWED, "Metric weight is sent in one of the UCUM units [kg].");

    @Test
    void allAcceptedIs200() {
        Receipt receipt = new Receipt(2, List.of());
        assertThat(receipt.status()).isEqualTo(200);
        assertThat(receipt.toJson()).isEqualTo(new JsonObject("{\"accepted\":2}"));
    }

    @Test
    void someAcceptedIs207WithTheProblems() {
        Receipt receipt = new Receipt(1, List.of(PROBLEM));
        assertThat(receipt.status()).isEqualTo(207);
        assertThat(receipt.toJson()).isEqualTo(new JsonObject("""
                        {"accepted": 1, "refused": 1, "problems": [{"index": 1, "code": "unit-not-allowed",
                         "detail": "Metric weight is sent in one of the UCUM units [kg]."}]}"""));
    }

    @Test
    void noneAcceptedIs422() {
        assertThat(new Receipt(0, List.of(PROBLEM)).status()).isEqualTo(422);
    }
}
