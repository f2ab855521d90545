package org.lifelog.gateway.format;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.lifelog.avro.Reading;
import org.lifelog.contract.Catalogue;
import org.lifelog.gateway.access.Sender;
import org.lifelog.gateway.failure.Failure;
import org.lifelog.gateway.failure.Problem;
import org.lifelog.gateway.failure.Refusal;

class LinesTest {
    private static final ReadingDecoder DECODER = new ReadingDecoder(Catalogue.load());
    private static final Origin ORIGIN =
            new Origin(new Sender("isens", "isens-vendor"), Optional.empty(), Optional.empty(), Decoding.RECEIVED);

    private final Lines lines = new Lines(DECODER.json());

    @Test
    void aLineIsDecodedWhenItsBreakIsThere() {
        assertThat(part("{\"subject\": \"S-1\"").readings()).isEmpty();
        assertThat(part("").readings()).isEmpty();
        Decoded decoded = lines.part().decode((Decoding.GOOD.substring(1) + "\n").getBytes(UTF_8), ORIGIN);
        assertThat(decoded.refused())
                .extracting(refused -> refused.problem().code())
                .containsExactly(Problem.Code.MALFORMED);
        assertThat(part(Decoding.GOOD + "\n" + Decoding.GOOD).readings()).hasSize(1);
        assertThat(lines.lastPart().decode(new byte[0], ORIGIN).readings()).hasSize(1);
    }

    @Test
    void aBrokenLineIsRefusedByItselfAndTheIndexGoesOn() {
        Decoded first = part(Decoding.GOOD + "\r\n\n  \n{broken\n" + Decoding.GOOD + "\n");
        assertThat(first.readings()).hasSize(2);
        assertThat(first.refused()).hasSize(1);
        assertThat(first.refused().get(0).problem().index()).isEqualTo(1);
        assertThat(first.refused().get(0).problem().code()).isEqualTo(Problem.Code.MALFORMED);
        assertThat(first.refused().get(0).raw()).isEqualTo("{broken".getBytes(UTF_8));

        Decoded second = lines.lastPart()
                .decode((Decoding.GOOD + "\n" + Decoding.GOOD.replace("mmol/L", "mmol")).getBytes(UTF_8), ORIGIN);
        assertThat(second.readings()).hasSize(1);
        assertThat(second.refused().get(0).problem().index()).isEqualTo(4);
        assertThat(second.refused().get(0).problem().code()).isEqualTo(Problem.Code.UNIT_NOT_ALLOWED);
    }

    @Test
    void howeverTheBytesAreCutTheReadingsAreTheSame() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 100; i++) {
            text.append(Decoding.GOOD.replace("311", "" + i).replace("meter-1", "meter-" + i % 7))
                    .append(i % 3 == 0 ? "\r\n" : "\n");
        }
        byte[] all = text.toString().getBytes(UTF_8);
        Random random = new Random(20261124);
        for (int run = 0; run < 200; run++) {
            Lines cut = new Lines(DECODER.json());
            List<Long> sequences = new ArrayList<>();
            int at = 0;
            while (at < all.length) {
                int to = Math.min(all.length, at + random.nextInt(1 + random.nextInt(2_000)));
                cut.part().decode(Arrays.copyOfRange(all, at, to), ORIGIN).readings().stream()
                        .map(Reading::getSequence)
                        .forEach(sequences::add);
                at = to;
            }
            assertThat(cut.lastPart().decode(new byte[0], ORIGIN).readings()).isEmpty();
            assertThat(sequences).hasSize(100).isSorted();
        }
    }

    @Test
    void withoutAReadingItIsAnEmptyBatch() {
        part("\n\r\n");
        Refusal refusal =
                catchThrowableOfType(Refusal.class, () -> lines.lastPart().decode(new byte[0], ORIGIN));
        assertThat(refusal.failure()).isEqualTo(Failure.EMPTY_BATCH);
    }

    @Test
    void tooManyAreTooLarge() {
        String thousand = (Decoding.GOOD + "\n").repeat(1_000);
        for (int i = 0; i < 10; i++) {
            part(thousand);
        }
        Refusal refusal = catchThrowableOfType(Refusal.class, () -> part(Decoding.GOOD + "\n"));
        assertThat(refusal.failure()).isEqualTo(Failure.TOO_LARGE);
    }

    private Decoded part(String text) {
        return lines.part().decode(text.getBytes(UTF_8), ORIGIN);
    }
}
