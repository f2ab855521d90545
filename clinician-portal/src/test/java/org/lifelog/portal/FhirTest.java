package org.lifelog.portal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.lifelog.portal.RunningPortal.ISENS;
import static org.lifelog.portal.RunningPortal.WONJU;

import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.validation.FhirValidator;
import ca.uhn.fhir.validation.ResultSeverityEnum;
import ca.uhn.fhir.validation.SingleValidationMessage;
import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.hl7.fhir.common.hapi.validation.support.CommonCodeSystemsTerminologyService;
import org.hl7.fhir.common.hapi.validation.support.InMemoryTerminologyServerValidationSupport;
import org.hl7.fhir.common.hapi.validation.support.UnknownCodeSystemWarningValidationSupport;
import org.hl7.fhir.common.hapi.validation.support.ValidationSupportChain;
import org.hl7.fhir.common.hapi.validation.validator.FhirInstanceValidator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.lifelog.contract.Attributes;
import org.lifelog.contract.Catalogue;
import org.lifelog.contract.Flag;
import org.lifelog.contract.Metric;
import org.lifelog.portal.RunningPortal.Answer;

/** FHIR over HTTP; each resource is held against HAPI's validator for the base specification. */
class FhirTest {
    private static final String ALL = "/centers/isens/subjects/S-1/fhir";
    private static final String MANY = "/centers/isens/subjects/S-2/fhir";
    private static final Instant NOON = Instant.parse("2026-11-24T12:00:00Z");
    private static RunningPortal portal;
    private static FhirValidator validator;
    private static int metrics;

    @BeforeAll
    @SuppressWarnings(
            "deprecation") // UnknownCodeSystemWarningValidationSupport: LOINC does not come with the validator.
    static void start() {
        portal = RunningPortal.start();
        int device = portal.rows.device("isens", "meter-1");
        for (Metric metric : Catalogue.load().metrics()) {
            Map<String, String> attributes = new TreeMap<>();
            metric.attributes().forEach((name, values) -> attributes.put(name, values.get(0)));
            long series =
                    portal.rows.series("isens", "S-1", metric.code(), Attributes.canonical(attributes), metric.unit());
            boolean interval = metric.kind() == Metric.Kind.DELTA || metric.kind() == Metric.Kind.EPISODE;
            Instant end = NOON.plusSeconds(900);
            portal.rows.query(
                    "INSERT INTO reading (series_id, time, device_id, value, received_at, end_time, offset_seconds)"
                            + " VALUES (?, ?, ?, ?, now(), CASE WHEN ? THEN ?::timestamptz END, 32400) RETURNING 1",
                    series,
                    NOON,
                    device,
                    metric.usual().max(),
                    interval,
                    end);
            metrics++;
        }
        long glucose = portal.rows.series("isens", "S-2", "glucose_smbg", "", "mg/dL");
        long ketone = portal.rows.series("isens", "S-2", "ketone_blood", "", "mmol/L");
        portal.rows.readings(glucose, device, Instant.parse("2026-11-20T00:00:00Z"), 20, 3_600, 100, 50);
        // At the same times, so that the order of series counts too.
        portal.rows.readings(ketone, device, Instant.parse("2026-11-20T00:00:00Z"), 5, 3_600, 0, 3);
        portal.rows.reading(glucose, device, NOON, 600, Flag.ABOVE_RANGE.bit() | Flag.CORRECTED.bit());
        portal.rows.reading(glucose, device, NOON.plusSeconds(60), 20, Flag.BELOW_RANGE.bit());

        FhirContext context = FhirContext.forR4();
        UnknownCodeSystemWarningValidationSupport unknown = new UnknownCodeSystemWarningValidationSupport(context);
        unknown.setNonExistentCodeSystemSeverity(
                ca.uhn.fhir.context.support.IValidationSupport.IssueSeverity.INFORMATION);
        validator = context.newValidator()
                .registerValidatorModule(new FhirInstanceValidator(new ValidationSupportChain(
                        new ca.uhn.fhir.context.support.DefaultProfileValidationSupport(context),
                        new CommonCodeSystemsTerminologyService(context),
                        new InMemoryTerminologyServerValidationSupport(context),
                        unknown)));
    }

    @AfterAll
    static void stop() {
        portal.close();
    }

    private static JsonNode valid(Answer answer, int status) {
        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.header("content-type")).isEqualTo("application/fhir+json");
        List<String> faults = validator.validateWithResult(answer.response().body()).getMessages().stream()
                .filter(message -> message.getSeverity().ordinal() >= ResultSeverityEnum.ERROR.ordinal())
                .map(FhirTest::text)
                .toList();
        assertThat(faults).isEmpty();
        return answer.body();
    }

    private static String text(SingleValidationMessage message) {
        return message.getSeverity() + " " + message.getLocationString() + ": " + message.getMessage();
    }

    /** The validator itself, so that no fault found means something. */
    @Test
    void theValidatorFindsFaults() {
        String broken = portal.get(ISENS, ALL + "/Observation?code=heart_rate")
                .response()
                .body()
                .replace("\"/min\"", "\"bpm\"");
        assertThat(validator.validateWithResult(broken).isSuccessful()).isFalse();
    }

    @Test
    void everyMetricIsAValidObservation() {
        JsonNode bundle = valid(portal.get(ISENS, ALL + "/Observation?_count=1000"), 200);
        assertThat(bundle.get("type").asText()).isEqualTo("searchset");
        assertThat(bundle.get("entry")).hasSize(metrics);
        for (JsonNode entry : bundle.get("entry")) {
            String url = entry.get("fullUrl").asText();
            JsonNode one = valid(portal.get(ISENS, path(url)), 200);
            assertThat(one).isEqualTo(entry.get("resource"));
            assertThat(one.has("extension")).isFalse();
            assertThat(one.at("/subject/reference").isMissingNode()).isTrue();
            assertThat(one.at("/subject/identifier/value").asText()).isEqualTo("S-1");
            assertThat(one.at("/valueQuantity/system").asText()).isEqualTo("http://unitsofmeasure.org");
        }
    }

    private static String path(String url) {
        URI uri = URI.create(url);
        String query = uri.getRawQuery();
        return uri.getRawPath().substring("/api/v1".length()) + (query == null ? "" : "?" + query);
    }

    private static JsonNode only(String query) {
        JsonNode entries =
                valid(portal.get(ISENS, ALL + "/Observation?" + query), 200).get("entry");
        assertThat(entries).hasSize(1);
        return entries.get(0).get("resource");
    }

    @Test
    void whatAnObservationSays() {
        JsonNode rate = only("code=8867-4");
        assertThat(rate.at("/code/coding/0/system").asText()).isEqualTo("http://loinc.org");
        assertThat(rate.at("/code/coding/0/code").asText()).isEqualTo("8867-4");
        assertThat(rate.at("/code/text").asText()).isEqualTo("Heart rate");
        assertThat(rate.get("effectiveDateTime").asText()).isEqualTo("2026-11-24T21:00:00+09:00");
        assertThat(rate.at("/valueQuantity/value").asDouble()).isEqualTo(180);
        assertThat(rate.at("/valueQuantity/code").asText()).isEqualTo("/min");
        assertThat(rate.at("/device/identifier/value").asText()).isEqualTo("meter-1");
        JsonNode steps = only("code=55423-8");
        assertThat(steps.at("/effectivePeriod/start").asText()).isEqualTo("2026-11-24T21:00:00+09:00");
        assertThat(steps.at("/effectivePeriod/end").asText()).isEqualTo("2026-11-24T21:15:00+09:00");
        JsonNode hip = only("code=hip");
        assertThat(hip.at("/code/coding").isMissingNode()).isTrue();
        assertThat(hip.at("/code/text").asText()).isEqualTo("Hip circumference");
        JsonNode hearing = only("code=audiogram");
        assertThat(hearing.at("/component/0/code/text").asText()).isEqualTo("ear");
        assertThat(hearing.at("/component/0/valueCodeableConcept/text").asText())
                .isEqualTo("left");
        assertThat(hearing.at("/component/1/code/text").asText()).isEqualTo("frequency");
    }

    @Test
    void aCensoredValueIsBounded() {
        JsonNode found = valid(portal.get(ISENS, MANY + "/Observation?date=2026-11-24"), 200)
                .get("entry");
        assertThat(found).hasSize(2);
        assertThat(found.at("/0/resource/valueQuantity/comparator").asText()).isEqualTo("<=");
        assertThat(found.at("/0/resource/valueQuantity/value").asText()).isEqualTo("20");
        assertThat(found.at("/1/resource/valueQuantity/comparator").asText()).isEqualTo(">=");
        assertThat(found.at("/1/resource/status").asText()).isEqualTo("corrected");
        assertThat(found.at("/1/resource/meta/tag/0/code").asText()).isEqualTo("above-range");
    }

    @ParameterizedTest
    @CsvSource({
        "'', 27",
        "code=glucose_smbg, 22",
        "code=41653-7, 22",
        "code=http://loinc.org%7C41653-7, 22",
        "code=%7Cglucose_smbg, 22",
        "code=http://snomed.info/sct%7C41653-7, 0",
        "code=http://loinc.org%7Cglucose_smbg, 0",
        "'code=41653-7,ketone_blood', 27",
        "code=ketone%20(blood), 5",
        "code=8867-4, 0",
        "date=ge2026-11-20T02:00:00Z&date=lt2026-11-20T04:00:00Z, 4",
        "date=gt2026-11-20T02:00:00Z&date=le2026-11-20T04:00:00Z&code=ketone_blood, 2",
        "date=lt2026-11-20, 0",
        "date=ge2026-11-24&_format=json, 2",
    })
    void findsByCodeAndDate(String query, int n) {
        JsonNode bundle = valid(portal.get(ISENS, MANY + "/Observation?" + query), 200);
        assertThat(bundle.path("entry").size()).isEqualTo(n);
    }

    @Test
    void pagesFollowTheLinksWhileNewReadingsCome() {
        List<List<Object>> stored = portal.rows.query("SELECT time FROM reading JOIN series USING (series_id)"
                + " WHERE subject = 'S-2' AND time < '2026-11-24' ORDER BY time DESC");
        List<String> times = new ArrayList<>();
        Set<String> ids = new HashSet<>();
        String path = MANY + "/Observation?_count=4&date=lt2026-11-24T00:00:00Z";
        int pages = 0;
        while (!path.isEmpty()) {
            JsonNode bundle = valid(portal.get(ISENS, path), 200);
            for (JsonNode entry : bundle.get("entry")) {
                times.add(entry.at("/resource/effectiveDateTime").asText());
                ids.add(entry.at("/resource/id").asText());
            }
            path = "";
            for (JsonNode link : bundle.get("link")) {
                if (link.get("relation").asText().equals("next")) {
                    path = path(link.get("url").asText());
                }
            }
            pages++;
        }
        assertThat(pages).isEqualTo(7);
        assertThat(ids).hasSize(25);
        assertThat(times.stream().map(Instant::parse).toList())
                .isEqualTo(stored.stream()
                        .map(row -> ((java.sql.Timestamp) row.get(0)).toInstant())
                        .toList());
    }

    @Test
    void theStatementIsValidAndSaysWhatCanBeAsked() {
        JsonNode statement = valid(portal.get(ISENS, ALL + "/metadata"), 200);
        assertThat(statement.get("fhirVersion").asText()).isEqualTo("4.0.1");
        assertThat(statement.at("/rest/0/resource/0/searchParam").findValuesAsText("name"))
                .containsExactly("code", "date");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "patient=S-1",
                "date=yesterday",
                "date=ne2026-11-24",
                "_count=0",
                "_count=many",
                "_page=1",
                "code=",
                "code=a&code=b",
                "_format=xml"
            })
    void aWrongParameterIsAnOperationOutcome(String query) {
        JsonNode outcome = valid(portal.get(ISENS, ALL + "/Observation?" + query), 400);
        assertThat(outcome.get("resourceType").asText()).isEqualTo("OperationOutcome");
        assertThat(outcome.at("/issue/0/details/coding/0/code").asText()).isEqualTo("malformed");
        assertThat(outcome.toString()).doesNotContain("yesterday", "S-1");
    }

    @Test
    void anotherCentersClinicianFindsNothing() {
        String id = only("code=8867-4").get("id").asText();
        long audited = rows();
        for (String call : List.of("/metadata", "/Observation", "/Observation/" + id)) {
            JsonNode outcome = valid(portal.get(WONJU, ALL + call), 404);
            assertThat(outcome.at("/issue/0/code").asText()).isEqualTo("not-found");
            valid(portal.send(portal.request("/api/v1" + ALL + call)), 401);
        }
        valid(portal.get(ISENS, "/centers/isens/subjects/nobody/fhir/Observation"), 404);
        // An id of another subject.
        valid(portal.get(ISENS, MANY + "/Observation/" + id), 404);
        valid(portal.get(ISENS, ALL + "/Observation/1"), 404);
        valid(portal.get(ISENS, ALL + "/Observation/9223372036854775807.1.1.1"), 404);
        assertThat(rows()).isEqualTo(audited);
    }

    private static long rows() {
        return (Long) portal.rows.query("SELECT count(*) FROM audit").get(0).get(0);
    }

    @Test
    void everyReadIsAudited() {
        long before = rows();
        portal.get(ISENS, ALL + "/Observation?code=8867-4&date=ge2026-11-01&date=lt2026-12-01");
        assertThat(rows()).isEqualTo(before + 1);
        assertThat(portal.rows.query("SELECT subject, action, detail FROM audit ORDER BY audit_id DESC LIMIT 1"))
                .containsExactly(List.of("S-1", "fhir", "code=8867-4 date=ge2026-11-01 date=lt2026-12-01"));
    }
}
