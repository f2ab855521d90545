package org.lifelog.gateway.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.lifelog.gateway.failure.Problem;

class JsonFieldsTest {
    @Test
    void fieldsAreReadByTheirType() {
        JsonFields fields = fields("{\"a\": \"x\", \"n\": 1.5, \"o\": {\"b\": 2}}");
        assertThat(fields.requiredText("a")).isEqualTo("x");
        assertThat(fields.oneOf("a", Set.of("x", "y"))).contains("x");
        assertThat(fields.requiredNumber("n")).isEqualTo(1.5);
        assertThat(fields.requiredObject("o").requiredNumber("b")).isEqualTo(2.0);
        assertThat(fields.text("c")).isEmpty();
        assertThat(fields.object("c")).isEmpty();
        assertThat(fields.has("c")).isFalse();
        assertThat(fields.get("n").isNumber()).isTrue();
        fields.only(Set.of("a", "n", "o"));
    }

    @Test
    void everyFaultNamesItsFieldAndNoValue() {
        JsonFields fields = fields("{\"a\": \"secret\", \"n\": \"7\", \"z\": null, \"홍길동\": 1, \"big\": 1e400}");
        assertRefused(() -> fields.requiredText("n2"), Problem.Code.MISSING_FIELD, "Field n2 is missing.");
        assertRefused(() -> fields.requiredNumber("n2"), Problem.Code.MISSING_FIELD, "Field n2 is missing.");
        assertRefused(() -> fields.requiredObject("n2"), Problem.Code.MISSING_FIELD, "Field n2 is missing.");
        assertRefused(() -> fields.text("z"), Problem.Code.WRONG_TYPE, "Field z is a text.");
        assertRefused(() -> fields.object("a"), Problem.Code.WRONG_TYPE, "Field a is an object.");
        assertRefused(() -> fields.requiredNumber("n"), Problem.Code.NOT_A_NUMBER, "Field n is a JSON number");
        assertRefused(() -> fields.requiredNumber("big"), Problem.Code.NOT_A_NUMBER, "Field big is a JSON number");
        assertRefused(() -> fields.oneOf("a", Set.of("x")), Problem.Code.INVALID_FIELD, "Field a has a value");
        assertRefused(() -> fields.only(Set.of()), Problem.Code.UNKNOWN_FIELD, "Field a is not taken.");
        assertRefused(() -> fields.only(Set.of("a", "n", "z")), Problem.Code.UNKNOWN_FIELD, "A field is not taken.");
        assertRefused(() -> fields("[1]"), Problem.Code.NOT_AN_OBJECT, "An item is an object.");
    }

    private static void assertRefused(ThrowingCallable call, Problem.Code code, String said) {
        assertThatExceptionOfType(ItemRefusal.class)
                .isThrownBy(call)
                .satisfies(refusal -> assertThat(refusal.code()).isEqualTo(code))
                .withMessageContaining(said)
                .withMessageNotContaining("secret");
    }

    private static JsonFields fields(String json) {
        try {
            return JsonFields.of(new ObjectMapper().readTree(json), "An item");
        } catch (JsonProcessingException e) {
            throw new AssertionError(e);
        }
    }
}
