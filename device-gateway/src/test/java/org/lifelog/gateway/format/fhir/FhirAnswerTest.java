package org.lifelog.gateway.format.fhir;

import static org.assertj.core.api.Assertions.assertThat;

import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.parser.IParser;
import ca.uhn.fhir.parser.StrictErrorHandler;
import java.util.Arrays;
import java.util.List;
import org.hl7.fhir.r4.model.Bundle;
import org.hl7.fhir.r4.model.OperationOutcome;
import org.hl7.fhir.r4.model.OperationOutcome.OperationOutcomeIssueComponent;
import org.hl7.fhir.r4.model.Resource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.lifelog.contract.Catalogue;
import org.lifelog.gateway.failure.Failure;
import org.lifelog.gateway.failure.Refusal;
import org.lifelog.gateway.format.Answer;
import org.lifelog.gateway.format.Exchange;
import org.lifelog.gateway.format.FormatFixture;

class FhirAnswerTest {
    private static final FhirFormat FORMAT = new FhirFormat(Catalogue.load());
    private static final FhirContext CONTEXT = FhirContext.forR4();
    private static final String UNKNOWN = FhirSamples.HEART_RATE.replace("8867-4", "8889-8");

    @Test
    void anObservationIsAnsweredWithAnOperationOutcome() {
        Answer taken = answer(FhirSamples.BLOOD_PRESSURE);
        assertThat(taken.status()).isEqualTo(200);
        assertThat(taken.type()).isEqualTo("application/fhir+json");
        assertThat(issues(parse(OperationOutcome.class, taken)))
                .containsExactly("information informational accepted", "information informational not-taken");
        Answer refused = answer(UNKNOWN);
        assertThat(refused.status()).isEqualTo(422);
        assertThat(issues(parse(OperationOutcome.class, refused)))
                .containsExactly("error not-supported unsupported-code");
    }

    @Test
    void aBatchIsAnsweredEntryByEntry() {
        String observation = FhirSamples.HEART_RATE.replace("Patient/S-21", "urn:uuid:1");
        Answer answer = answer(FhirSamples.bundle(
                "batch",
                FhirSamples.entry("urn:uuid:1", FhirSamples.PATIENT),
                FhirSamples.entry(observation),
                FhirSamples.entry(UNKNOWN)));
        assertThat(answer.status()).isEqualTo(200);
        Bundle bundle = parse(Bundle.class, answer);
        assertThat(bundle.getType()).isEqualTo(Bundle.BundleType.BATCHRESPONSE);
        assertThat(bundle.getEntry())
                .extracting(entry -> entry.getResponse().getStatus())
                .containsExactly("200 OK", "201 Created", "422 Unprocessable Entity");
        assertThat(bundle.getEntry())
                .extracting(entry -> entry.getResponse().hasOutcome()
                        ? issues((OperationOutcome) entry.getResponse().getOutcome())
                        : List.of())
                .containsExactly(
                        List.of("information informational not-taken"),
                        List.of(),
                        List.of("error not-supported unsupported-code"));
    }

    @Test
    void aBatchOfWhichNothingIsTakenHasAStatusThatSaysSo() {
        Answer answer = answer(FhirSamples.bundle("batch", FhirSamples.entry(UNKNOWN)));
        assertThat(answer.status()).isEqualTo(422);
        assertThat(parse(Bundle.class, answer).getEntry()).hasSize(1);
    }

    @Test
    void aTransactionIsAnsweredAsAWhole() {
        Answer taken = answer(FhirSamples.bundle("transaction", FhirSamples.entry(FhirSamples.HEART_RATE)));
        assertThat(taken.status()).isEqualTo(200);
        assertThat(parse(Bundle.class, taken).getType()).isEqualTo(Bundle.BundleType.TRANSACTIONRESPONSE);
        Answer refused = answer(FhirSamples.bundle(
                "transaction", FhirSamples.entry(FhirSamples.HEART_RATE), FhirSamples.entry(UNKNOWN)));
        assertThat(refused.status()).isEqualTo(422);
        OperationOutcome outcome = parse(OperationOutcome.class, refused);
        assertThat(issues(outcome))
                .containsExactly("error business-rule transaction-refused", "error not-supported unsupported-code");
        assertThat(outcome.getIssue())
                .extracting(issue -> issue.getExpression().get(0).getValue())
                .containsExactly("Bundle.entry[0]", "Bundle.entry[1]");
    }

    @ParameterizedTest
    @EnumSource(Failure.class)
    void aRefusalIsAnOperationOutcome(Failure failure) {
        Refusal refusal = new Refusal(failure, "This is why.");
        Answer answer = FhirAnswer.of(refusal);
        assertThat(answer.status()).isEqualTo(failure.status());
        OperationOutcome outcome = parse(OperationOutcome.class, answer);
        OperationOutcomeIssueComponent issue = outcome.getIssueFirstRep();
        assertThat(issue.getDiagnostics()).isEqualTo("This is why.");
        assertThat(issue.getDetails().getText()).isEqualTo(failure.code());
        assertThat(issue.getDetails().getCodingFirstRep().getSystem()).isEqualTo(FhirAnswer.CODES);
        assertThat(issue.getDetails().getCodingFirstRep().getCode()).isEqualTo(failure.code());
        assertThat(FORMAT.exchange().answer(refusal)).isEqualTo(answer);
    }

    private static Answer answer(String body) {
        Exchange exchange = FORMAT.exchange();
        return exchange.answer(
                FormatFixture.decode(exchange, body, FormatFixture.origin()).receipt());
    }

    private static <T extends Resource> T parse(Class<T> type, Answer answer) {
        IParser parser = CONTEXT.newJsonParser();
        parser.setParserErrorHandler(new StrictErrorHandler());
        return parser.parseResource(type, answer.body());
    }

    private static List<String> issues(OperationOutcome outcome) {
        return outcome.getIssue().stream()
                .map(issue -> String.join(
                        " ",
                        Arrays.asList(
                                issue.getSeverity().toCode(),
                                issue.getCode().toCode(),
                                issue.getDetails().getCodingFirstRep().getCode())))
                .toList();
    }
}
