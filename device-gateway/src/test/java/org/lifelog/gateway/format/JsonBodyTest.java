package org.lifelog.gateway.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.core.JsonToken;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.lifelog.gateway.failure.Failure;
import org.lifelog.gateway.failure.Refusal;

class JsonBodyTest {
    private static final JsonBody JSON = new JsonBody(3, 8, 6);

    @Test
    void anItemIsFoundByteByByte() {
        byte[] body = " {\"é\": [1, {\"a\": \"한글\"}], \"b\": 2} ".getBytes(StandardCharsets.UTF_8);
        List<String> found = new ArrayList<>();
        List<String> scalars = new ArrayList<>();
        JSON.readOne(body, parser -> {
            while (parser.nextToken() != JsonToken.END_OBJECT) {
                parser.nextToken();
                int start = JsonBody.start(parser);
                JsonBody.skip(parser, scalar -> scalars.add(scalar.getText()));
                found.add(new String(body, start, JsonBody.end(parser) - start, StandardCharsets.UTF_8));
            }
        });
        assertThat(found).containsExactly("[1, {\"a\": \"한글\"}]", "2");
        assertThat(scalars).containsExactly("1", "한글", "2");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "[[[[1]]]] | TOO_LARGE",
                "[\"123456789\"] | TOO_LARGE",
                "[{\"123456789\": 1}] | TOO_LARGE",
                "[1234567] | TOO_LARGE",
                "[1] [2] | MALFORMED",
                "[1, | MALFORMED",
                "{\"a\": 1, \"a\": 2} | MALFORMED",
                "`` | EMPTY_BATCH"
            })
    void whatIsSkippedIsWithinTheBoundsToo(String body, Failure failure) {
        assertRefused(body.getBytes(StandardCharsets.UTF_8), failure);
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-16LE", "UTF-16BE", "UTF-32BE"})
    void anotherEncodingIsMalformed(String charset) throws Exception {
        assertRefused("[\"a\"]".getBytes(charset), Failure.MALFORMED);
        assertRefused(new byte[] {'[', '"', (byte) 0xFF, '"', ']'}, Failure.MALFORMED);
    }

    private static void assertRefused(byte[] body, Failure failure) {
        assertThatExceptionOfType(Refusal.class)
                .isThrownBy(() -> JSON.readOne(body, parser -> JsonBody.skip(parser, scalar -> {})))
                .satisfies(refusal -> assertThat(refusal.failure()).isEqualTo(failure))
                .withMessageNotContaining("123456789");
    }
}
