package org.lifelog.gateway.format;

import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.charset.Charset;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.lifelog.avro.Reading;
import org.lifelog.gateway.failure.Failure;
import org.lifelog.gateway.failure.Refusal;

class ReadingDecoderTest {
    private static final String BAD = "{\"subject\": \"S-0042\",  \"mood\": [1, {\"한글\": \"😀\"}]}";

    @Test
    void aBatchIsDecodedItemByItem() {
        Decoded decoded = Decoding.decode(
                Decoding.batch(Decoding.GOOD, BAD, Decoding.GOOD.replace("311", "312"), "[5, [6]]", "null"));
        assertThat(decoded.readings()).extracting(Reading::getSequence).containsExactly(311L, 312L);
        assertThat(decoded.refused())
                .extracting(refused -> refused.problem().index() + " "
                        + refused.problem().code().text())
                .containsExactly("1 unknown-field", "3 not-an-object", "4 not-an-object");
        assertThat(decoded.receipt().accepted()).isEqualTo(2);
        assertThat(decoded.receipt().problems()).hasSize(3);
    }

    @Test
    void whatIsRefusedIsKeptByteByByte() {
        Decoded decoded = Decoding.decode(Decoding.batch(Decoding.GOOD, BAD, "[5, [6]]", "\"x\"", BAD));
        assertThat(decoded.refused())
                .extracting(refused -> new String(refused.raw(), UTF_8))
                .containsExactly(BAD, "[5, [6]]", "\"x\"", BAD);
    }

    @Test
    void oneReadingIsABatchOfOne() {
        assertThat(Decoding.decode(Decoding.GOOD).readings()).hasSize(1);
        assertThat(Decoding.decode(" \n" + BAD + " ").refused())
                .extracting(refused -> new String(refused.raw(), UTF_8))
                .containsExactly(BAD);
    }

    @Test
    void linesAreReadingsOrBatches() {
        Decoded decoded = Decoding.decodeLines(
                Decoding.GOOD + "\n" + BAD + "\r\n\n" + Decoding.batch(Decoding.GOOD, BAD) + "\n" + Decoding.GOOD);
        assertThat(decoded.readings()).hasSize(3);
        assertThat(decoded.refused())
                .extracting(refused -> refused.problem().index() + " " + new String(refused.raw(), UTF_8))
                .containsExactly("1 " + BAD, "3 " + BAD);
    }

    @Test
    void twoValuesAreMalformedWhereLinesAreNotAnnounced() {
        assertRefused(Failure.MALFORMED, () -> Decoding.decode(Decoding.GOOD + "\n" + Decoding.GOOD))
                .withMessageContaining("application/x-ndjson");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "  \n", "{\"readings\": []}", "{\"readings\":[]}\n{\"readings\":[]}"})
    void noReadingAtAllIsAnEmptyBatch(String json) {
        assertRefused(Failure.EMPTY_BATCH, () -> Decoding.decodeLines(json)).withMessage("There is no reading in it.");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"subject\": \"S-0042\", | line 1, column ",
                "{\"subject\": \"S-0042\" \"mood\": 3} | line 1, column ",
                "{\"readings\": [{\"subject\": \"S-0042\"},]} | line 1, column ",
                "{\"readings\": [{\"subject\": \"S-0042\",}]} | line 1, column ",
                "{\"subject\": \"S-0042\", \"subject\": \"S-0043\"} | line 1, column ",
                "{'subject': 'S-0042'} | line 1, column ",
                "{\"subject\": \"S-0042\", \"value\": NaN} | line 1, column ",
                "{\"subject\": \"S-0042\", \"value\": 007} | line 1, column ",
                "{\"subject\": \"S-0042\"}} | line 1, column ",
                "S-0042 | line 1, column ",
                "<S-0042> | line 1, column "
            })
    void whatIsNoJsonIsMalformedAtItsPlaceAndNotEchoed(String json, String place) {
        assertRefused(Failure.MALFORMED, () -> Decoding.decodeLines(json))
                .withMessageContaining(place.trim())
                .withMessageNotContaining("S-004")
                .withMessageNotContaining("mood");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "[{\"subject\": \"S-0042\"}] | A message is an object",
                "3 | A message is an object",
                "null | A message is an object",
                "\"S-0042\" | A message is an object",
                "{\"readings\": {}} | \"readings\" is an array.",
                "{\"readings\": null} | \"readings\" is an array.",
                "{\"readings\": [], \"mood\": 3} | Beside \"readings\" there is no other field."
            })
    void jsonOfAnotherFormIsMalformed(String json, String problem) {
        assertRefused(Failure.MALFORMED, () -> Decoding.decode(json)).withMessageContaining(problem);
    }

    @Test
    void thePlaceIsInTheLineThatIsWrong() {
        assertRefused(Failure.MALFORMED, () -> Decoding.decodeLines(Decoding.GOOD + "\n{\"subject\" 3}"))
                .withMessage("This is not JSON: it cannot be parsed near line 2, column 12.");
    }

    @Test
    void invalidUtf8IsMalformed() {
        byte[] body = Decoding.GOOD.getBytes(UTF_8);
        body[Decoding.GOOD.indexOf("S-0042") + 2] = (byte) 0xFF;
        assertRefused(Failure.MALFORMED, () -> Decoding.decode(body, false, Optional.empty()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-16LE", "UTF-16BE", "UTF-16", "UTF-32LE", "UTF-32BE"})
    void anotherEncodingIsMalformed(Charset charset) {
        for (String json : List.of(Decoding.GOOD, BAD, Decoding.batch(Decoding.GOOD, BAD), "[]")) {
            assertRefused(Failure.MALFORMED, () -> Decoding.decode(json.getBytes(charset), false, Optional.empty()))
                    .withMessageContaining("UTF-8");
        }
    }

    @Test
    void aByteOrderMarkOfUtf8DoesNotShiftWhatIsKept() {
        assertThat(Decoding.decode("\uFEFF" + Decoding.batch(BAD)).refused())
                .extracting(refused -> new String(refused.raw(), UTF_8))
                .containsExactly(BAD);
    }

    @Test
    void deepJsonIsTooLarge() {
        String deep = "{\"a\": ".repeat(5) + "3" + "}".repeat(5);
        assertThat(Decoding.decode(Decoding.batch("{\"mood\": " + deep + "}")).refused())
                .hasSize(1);
        assertRefused(Failure.TOO_LARGE, () -> Decoding.decode(Decoding.batch("{\"mood\": {\"a\": " + deep + "}}")))
                .withMessageContaining("deeper than 8 levels");
        assertRefused(Failure.TOO_LARGE, () -> Decoding.decode("{\"readings\": " + "[".repeat(100_000)));
    }

    @Test
    void aLongTextIsTooLarge() {
        String text = "x".repeat(1_025);
        assertRefused(Failure.TOO_LARGE, () -> Decoding.decode(Decoding.GOOD.replace("fasting", text)))
                .withMessageNotContaining("xxx");
        assertRefused(Failure.TOO_LARGE, () -> Decoding.decode(Decoding.GOOD.replace("meal", text)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"value\": 6.4", "\"sequence\": 311", "\"meal\": \"fasting\""})
    void aLongNumberIsTooLarge(String field) {
        String name = field.substring(0, field.indexOf(' '));
        assertRefused(
                Failure.TOO_LARGE, () -> Decoding.decode(Decoding.GOOD.replace(field, name + " " + "9".repeat(65))));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "3"})
    void moreThanTenThousandReadingsAreTooLarge(String item) {
        assertThat(Decoding.decode(
                                Decoding.batch(Collections.nCopies(10_000, item).toArray(String[]::new)))
                        .refused())
                .hasSize(10_000);
        assertRefused(
                        Failure.TOO_LARGE,
                        () -> Decoding.decode(
                                Decoding.batch(Collections.nCopies(10_001, item).toArray(String[]::new))))
                .withMessage("There are more than 10000 readings. Send smaller batches.");
    }

    /** Whatever comes in, it is decoded or refused, and never another exception that nobody answers. */
    @Test
    void anyBytesAreDecodedOrRefused() {
        Random random = new Random(42);
        List<byte[]> seeds = List.of(
                Decoding.batch(Decoding.GOOD, BAD).getBytes(UTF_8),
                (Decoding.GOOD + "\n" + BAD).getBytes(UTF_8),
                Decoding.batch(BAD).getBytes(UTF_16LE),
                Decoding.batch(BAD).getBytes(UTF_16BE),
                new byte[8]);
        for (int i = 0; i < 50_000; i++) {
            byte[] body = seeds.get(i % seeds.size()).clone();
            for (int changes = random.nextInt(3); changes >= 0; changes--) {
                body[random.nextInt(body.length)] =
                        random.nextBoolean() ? (byte) random.nextInt() : (byte) "{}[]\",:0e".charAt(random.nextInt(9));
            }
            body = Arrays.copyOf(body, body.length - random.nextInt(3));
            try {
                Decoded decoded = Decoding.decode(body, random.nextBoolean(), Optional.empty());
                assertThat(decoded.readings().size() + decoded.refused().size()).isPositive();
            } catch (Refusal refusal) {
                assertThat(refusal.failure()).isIn(Failure.MALFORMED, Failure.EMPTY_BATCH, Failure.TOO_LARGE);
            }
        }
    }

    private static org.assertj.core.api.ThrowableAssertAlternative<Refusal> assertRefused(
            Failure failure, ThrowingCallable call) {
        return assertThatExceptionOfType(Refusal.class)
                .isThrownBy(call)
                .satisfies(refusal -> assertThat(refusal.failure()).isEqualTo(failure));
    }
}
