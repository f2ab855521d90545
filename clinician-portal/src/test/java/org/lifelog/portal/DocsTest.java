package org.lifelog.portal;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import java.lang.reflect.RecordComponent;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.lifelog.portal.RunningPortal.Answer;

/** The description is written by hand; this holds it against the code. */
class DocsTest {
    private static final String SUBJECT = "/api/v1/centers/{center}/subjects/{subject}";
    private static final Map<String, List<String>> PARAMETERS = Map.of(
            "/api/v1/centers/{center}/subjects",
            WorklistQuery.PARAMETERS,
            SUBJECT + "/series",
            TrendQuery.PARAMETERS,
            SUBJECT + "/glucose",
            GlucoseQuery.PARAMETERS,
            SUBJECT + "/quality",
            QualityQuery.PARAMETERS,
            SUBJECT + "/blood-pressure",
            BloodPressureQuery.PARAMETERS,
            SUBJECT + "/sleep",
            SleepQuery.PARAMETERS,
            SUBJECT + "/audiogram",
            AudiogramQuery.PARAMETERS,
            SUBJECT + "/fhir/Observation",
            FhirSearch.PARAMETERS);
    private static final Map<String, Class<?>> RECORDS = Map.ofEntries(
            Map.entry("CenterView", CenterView.class),
            Map.entry("MetricView", MetricView.class),
            Map.entry("Range", MetricView.Range.class),
            Map.entry("Worklist", Worklist.class),
            Map.entry("WorklistRow", Worklist.Row.class),
            Map.entry("RiskFlag", RiskFlag.class),
            Map.entry("TimeInRange", TimeInRange.class),
            Map.entry("Counts", TimeInRange.Counts.class),
            Map.entry("SubjectSummary", SubjectSummary.class),
            Map.entry("HeldMetric", SubjectSummary.HeldMetric.class),
            Map.entry("SummaryPart", SubjectSummary.Part.class),
            Map.entry("Device", SubjectSummary.Device.class),
            Map.entry("ClockWarning", SubjectSummary.ClockWarning.class),
            Map.entry("Trend", Trend.class),
            Map.entry("TrendPart", Trend.Part.class),
            Map.entry("GlucoseReport", GlucoseReport.class),
            Map.entry("GlucoseFigures", GlucoseFigures.class),
            Map.entry("AgpBin", GlucoseStatistics.AgpBin.class),
            Map.entry("Sufficiency", GlucoseReport.Sufficiency.class),
            Map.entry("GlucoseDay", GlucoseReport.Day.class),
            Map.entry("ModalDay", ModalDay.class),
            Map.entry("ModalDayBin", ModalDay.Bin.class),
            Map.entry("Meal", ModalDay.Meal.class),
            Map.entry("Quality", Quality.class),
            Map.entry("QualityCount", Quality.Count.class),
            Map.entry("QualityExample", Quality.Example.class),
            Map.entry("BloodPressureReport", BloodPressureReport.class),
            Map.entry("Threshold", BloodPressureReport.Threshold.class),
            Map.entry("Means", BloodPressureReport.Means.class),
            Map.entry("SleepReport", SleepReport.class),
            Map.entry("Night", SleepReport.Night.class),
            Map.entry("Regularity", SleepReport.Regularity.class),
            Map.entry("AudiogramReport", AudiogramReport.class),
            Map.entry("AudiogramTest", AudiogramReport.Test.class),
            Map.entry("Ear", AudiogramReport.Ear.class),
            Map.entry("Problem", Problem.class));

    private static RunningPortal portal;
    private static JsonObject openApi;

    @BeforeAll
    static void start() {
        portal = RunningPortal.start();
        Answer answer = portal.send(portal.request("/openapi.json"));
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("content-type")).isEqualTo("application/json");
        openApi = new JsonObject(answer.response().body());
    }

    @AfterAll
    static void stop() {
        portal.close();
    }

    @Test
    void everyCallIsDescribedAndNoOther() {
        Vertx vertx = Vertx.vertx();
        Router router = Router.router(vertx);
        new Api(null, null, null, new LoginCall(null, null, null, null, null, null), null, null, null, null, null)
                .mount(router);
        TreeSet<String> routes = new TreeSet<>();
        router.getRoutes()
                .forEach(route -> route.methods()
                        .forEach(method ->
                                routes.add(method.name() + " " + route.getPath().replaceAll(":(\\w+)", "{$1}"))));
        vertx.close();

        List<String> described = new ArrayList<>();
        for (String path : paths().fieldNames()) {
            paths().getJsonObject(path).fieldNames().stream()
                    .filter(method -> !method.equals("parameters"))
                    .forEach(method -> described.add(method.toUpperCase(Locale.ROOT) + " " + path));
        }
        assertThat(described).containsExactlyInAnyOrderElementsOf(routes);
    }

    @Test
    void everyParameterIsDescribedAndNoOther() {
        for (String path : paths().fieldNames()) {
            JsonObject item = paths().getJsonObject(path);
            JsonObject operation = item.getJsonObject(item.containsKey("get") ? "get" : "post");
            assertThat(names(operation.getJsonArray("parameters"), "query"))
                    .as(path)
                    .containsExactlyInAnyOrderElementsOf(PARAMETERS.getOrDefault(path, List.of()));
            assertThat(names(item.getJsonArray("parameters"), "path"))
                    .as(path)
                    .containsExactlyElementsOf(Pattern.compile("\\{(\\w+)}")
                            .matcher(path)
                            .results()
                            .map(match -> match.group(1))
                            .toList());
        }
    }

    private static List<String> names(JsonArray parameters, String in) {
        return parameters == null
                ? List.of()
                : parameters.stream()
                        .map(JsonObject.class::cast)
                        .map(one -> one.containsKey("$ref") ? followed(one.getString("$ref")) : one)
                        .filter(one -> one.getString("in").equals(in))
                        .map(one -> one.getString("name"))
                        .toList();
    }

    private static JsonObject followed(String reference) {
        JsonObject at = openApi;
        for (String name : reference.substring(2).split("/")) {
            at = at.getJsonObject(name);
            assertThat(at).as(reference).isNotNull();
        }
        return at;
    }

    @Test
    void everyFieldIsDescribedAndNoOther() {
        RECORDS.forEach((name, record) -> assertThat(fields(name))
                .as(name)
                .containsExactlyInAnyOrderElementsOf(Arrays.stream(record.getRecordComponents())
                        .map(RecordComponent::getName)
                        .toList()));
        Answer login = portal.login(RunningPortal.ISENS, RunningPortal.PASSWORD);
        Answer me = portal.get(RunningPortal.ISENS, "/me");
        Answer centers = portal.get(RunningPortal.ISENS, "/centers");
        assertThat(fields("Begun")).containsExactlyInAnyOrderElementsOf(login.body()::fieldNames);
        assertThat(fields("Me")).containsExactlyInAnyOrderElementsOf(me.body()::fieldNames);
        assertThat(fields("CenterList")).containsExactlyInAnyOrderElementsOf(centers.body()::fieldNames);
        assertThat(schemas().fieldNames())
                .containsExactlyInAnyOrderElementsOf(Stream.concat(
                                RECORDS.keySet().stream(),
                                Stream.of("Login", "Begun", "Me", "CenterList", "FailureCode"))
                        .toList());
    }

    private static List<String> fields(String schema) {
        return List.copyOf(
                schemas().getJsonObject(schema).getJsonObject("properties").fieldNames());
    }

    @Test
    void everyCodeIsDescribedAndNoOther() {
        assertThat(schemas().getJsonObject("FailureCode").getJsonArray("enum").stream())
                .containsExactlyInAnyOrderElementsOf(
                        Arrays.stream(Failure.values()).map(Failure::code).toList());
    }

    @Test
    void referencesLeadSomewhere() {
        assertThat(Pattern.compile("\"\\$ref\":\"([^\"]+)\"")
                        .matcher(openApi.encode())
                        .results()
                        .map(match -> followed(match.group(1))))
                .hasSizeGreaterThan(100);
    }

    @Test
    void pageShowsEveryCallUnderTheStrictPolicy() {
        Answer answer = portal.send(portal.request("/docs"));
        assertThat(answer.header("content-security-policy"))
                .contains("default-src 'none'")
                .doesNotContain("unsafe");
        try (TestBrowser browser = new TestBrowser()) {
            Page page = browser.open(portal, "en-US", ColorScheme.DARK);
            browser.errors.clear();
            page.navigate("http://127.0.0.1:" + portal.port() + "/docs");
            page.waitForSelector("#Problem");

            assertThat(page.locator(".calls h3").allTextContents())
                    .hasSize(paths().size() + schemas().size())
                    .contains("POST /api/v1/login", "GET " + SUBJECT + "/glucose", "GlucoseReport");
            assertThat(browser.errors).isEmpty();
            assertThat(browser.faults(page)).isEmpty();
            String pictures = System.getenv("LIFELOG_PICTURES");
            if (pictures != null) {
                page.screenshot(new Page.ScreenshotOptions().setPath(Path.of(pictures, "docs.png")));
            }
        }
    }

    private static JsonObject paths() {
        return openApi.getJsonObject("paths");
    }

    private static JsonObject schemas() {
        return openApi.getJsonObject("components").getJsonObject("schemas");
    }
}
