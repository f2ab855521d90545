package org.lifelog.gateway.format;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.lifelog.avro.Limit;
import org.lifelog.avro.Reading;
import org.lifelog.contract.Catalogue;
import org.lifelog.gateway.access.Sender;
import org.lifelog.gateway.failure.Problem;

class ReadingFormTest {
    private static final Catalogue CATALOGUE = Catalogue.load();

    @Test
    void aFormBecomesAReading() {
        ReadingForm form = form().attribute("meal", "before").sequence(7);
        assertThat(form.isOf("glucose_smbg")).isTrue();
        assertThat(form.toReading(CATALOGUE, origin(Optional.empty(), Optional.empty())))
                .isInstanceOfSatisfying(ReadingForm.Good.class, good -> {
                    Reading reading = good.reading();
                    assertThat(reading.getCenter()).isEqualTo("isens");
                    assertThat(reading.getSubject()).isEqualTo("S-7");
                    assertThat(reading.getDevice()).isEqualTo("meter-7");
                    assertThat(reading.getAttributes()).isEqualTo("meal=before");
                    assertThat(reading.getValue()).isEqualTo(101.0);
                    assertThat(reading.getUnit()).isEqualTo("mg/dL");
                    assertThat(reading.getTime()).isEqualTo(Instant.parse("2026-11-23T22:00:00Z"));
                    assertThat(reading.getOffsetSeconds()).isEqualTo(32_400);
                    assertThat(reading.getSequence()).isEqualTo(7L);
                    assertThat(reading.getLimit()).isEqualTo(Limit.NONE);
                });
    }

    @Test
    void anInstantHasNoKnownOffset() {
        ReadingForm form = form().time(Instant.parse("2026-11-23T22:00:00.123456789Z"));
        assertThat(form.toReading(CATALOGUE, origin(Optional.empty(), Optional.empty())))
                .isInstanceOfSatisfying(ReadingForm.Good.class, good -> {
                    assertThat(good.reading().getTime()).isEqualTo(Instant.parse("2026-11-23T22:00:00.123456Z"));
                    assertThat(good.reading().getOffsetSeconds()).isNull();
                });
    }

    @Test
    void anInstantOfAnImpossibleYearIsRefusedAndNotAnError() {
        assertBad(form().time(Instant.parse("+12000-01-01T00:00:00Z")), Problem.Code.UNPARSEABLE_TIME);
        assertBad(form().time(Instant.parse("-0001-01-01T00:00:00Z")), Problem.Code.UNPARSEABLE_TIME);
    }

    @Test
    void theAddressStandsInForSubjectAndDevice() {
        ReadingForm form = form().subject(null).device(null);
        assertThat(form.toReading(CATALOGUE, origin(Optional.of("meter-9"), Optional.of("S-9"))))
                .isInstanceOfSatisfying(ReadingForm.Good.class, good -> {
                    assertThat(good.reading().getSubject()).isEqualTo("S-9");
                    assertThat(good.reading().getDevice()).isEqualTo("meter-9");
                });
    }

    @Test
    void anotherSubjectThanTheAddressNamesIsRefused() {
        assertThat(form().toReading(CATALOGUE, origin(Optional.empty(), Optional.of("S-9"))))
                .isEqualTo(new ReadingForm.Bad(
                        Problem.Code.SUBJECT_MISMATCH,
                        "Field subject names another subject than the address. Leave it out."));
        assertThat(form().toReading(CATALOGUE, origin(Optional.empty(), Optional.of("S-7"))))
                .isInstanceOf(ReadingForm.Good.class);
    }

    @Test
    void theFirstFaultIsTold() {
        assertBad(
                form().fault(Problem.Code.DATA_ABSENT, "a").fault(Problem.Code.NOT_A_SAMPLE, "b"),
                Problem.Code.DATA_ABSENT);
        assertBad(form().value(Double.POSITIVE_INFINITY), Problem.Code.NOT_A_NUMBER);
        assertBad(form().unit("mg"), Problem.Code.UNIT_NOT_ALLOWED);
        assertBad(form().metric(null), Problem.Code.MISSING_FIELD);
    }

    private static void assertBad(ReadingForm form, Problem.Code code) {
        assertThat(form.toReading(CATALOGUE, origin(Optional.empty(), Optional.empty())))
                .isInstanceOfSatisfying(
                        ReadingForm.Bad.class, bad -> assertThat(bad.code()).isEqualTo(code));
    }

    private static ReadingForm form() {
        return new ReadingForm()
                .subject("S-7")
                .device("meter-7")
                .metric("glucose_smbg")
                .value(101)
                .unit("mg/dL")
                .time("2026-11-24T07:00:00+09:00");
    }

    private static Origin origin(Optional<String> device, Optional<String> subject) {
        return new Origin(new Sender("isens", "isens-vendor"), device, subject, Decoding.RECEIVED);
    }
}
