package org.lifelog.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CatalogueTest {
    private static final String METRICS_HEADER =
            "code,name,name_ko,loinc,unit,kind,hard_min,hard_max,usual_min,usual_max,device_low,device_high,bands,"
                    + "attributes,typical_period,limits_source\n";
    private static final String METRIC = "sugar,Sugar,혈당,2345-7,mg/dL,sample,0,1000,54,250,40,400,[54 180],,5 min,x\n";
    private static final String UNITS_HEADER = "metric,from,to,factor,offset,note\n";
    private static final String UNIT = "sugar,mmol/L,mg/dL,18.01559,0,\n";

    @TempDir
    private Path folder;

    private final Catalogue catalogue = Catalogue.load();

    @Test
    void glucoseOfASensorIsAsTheConsensusHasIt() {
        Metric glucose = catalogue.metric("glucose_cgm").orElseThrow();
        assertThat(glucose.unit()).isEqualTo("mg/dL");
        assertThat(glucose.kind()).isEqualTo(Metric.Kind.SAMPLE);
        assertThat(glucose.loinc()).contains("99504-3");
        assertThat(glucose.hard()).isEqualTo(new Metric.Range(0, true, 1000));
        assertThat(glucose.usual()).isEqualTo(new Metric.Range(54, false, 250));
        assertThat(glucose.deviceLow()).isEqualTo(OptionalDouble.of(40));
        assertThat(glucose.deviceHigh()).isEqualTo(OptionalDouble.of(400));
        assertThat(glucose.bands().edges())
                .isEqualTo(Bands.parse("[54 [70 180] 250]").edges());
        assertThat(catalogue.units("glucose_cgm")).containsExactly("mg/dL", "mmol/L");
        assertThat(catalogue.conversion("glucose_cgm", "mmol/L")).contains(new Conversion(18.01559, 0));
        assertThat(catalogue.conversion("glucose_cgm", "mg/dL")).containsSame(Conversion.NONE);
    }

    @Test
    void thereAreFortyOneMetrics() {
        assertThat(catalogue.metrics())
                .hasSize(41)
                .extracting(Metric::code)
                .doesNotHaveDuplicates()
                .startsWith("glucose_cgm")
                .contains("hba1c", "steps", "sleep", "audiogram", "noise", "pm2_5")
                .endsWith("creatinine");
    }

    @Test
    void everyMetricCanBeSentInItsOwnUnitFirst() {
        assertThat(catalogue.metrics())
                .allSatisfy(metric ->
                        assertThat(catalogue.units(metric.code())).first().isEqualTo(metric.unit()));
    }

    @Test
    void nothingIsKnownOfAnotherMetricOrUnit() {
        assertThat(catalogue.metric("mood")).isEmpty();
        assertThat(catalogue.units("mood")).isEmpty();
        assertThat(catalogue.conversion("mood", "1")).isEmpty();
        // Each metric has units of its own: grams of sugar are no weight.
        assertThat(catalogue.conversion("glucose_lab", "kg/L")).isEmpty();
        assertThat(catalogue.conversion("weight", "mg/dL")).isEmpty();
    }

    @Test
    void aFolderReplacesTheBuiltInCatalogue() throws IOException {
        Catalogue own = load(METRIC, UNIT);
        assertThat(own.metrics()).singleElement().satisfies(metric -> {
            assertThat(metric.code()).isEqualTo("sugar");
            assertThat(metric.nameKo()).isEqualTo("혈당");
        });
        assertThat(own.units("sugar")).containsExactly("mg/dL", "mmol/L");
    }

    @Test
    void aMetricThatIsThereTwiceIsRefused() {
        assertThat(problems(METRIC + METRIC, UNIT)).containsExactly("metrics.csv:3: metric sugar is there twice");
    }

    /** Each line replaces a part of a good row and names the problem that follows. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                ",0,1000, | ,1000,0, | hard_min is not below hard_max",
                ",54,250, | ,250,54, | usual_min is not below usual_max",
                ",54,250, | ,54,2000, | the usual range goes beyond the hard one",
                ",40,400, | ,-1,400, | device_low lies outside the hard limits",
                ",40,400, | ,40,2000, | device_high lies outside the hard limits or not above device_low",
                ",40,400, | ,400,40, | device_high lies outside the hard limits or not above device_low",
                "[54 180] | 54 | edge '54' needs one bracket: '[54' counts it in the upper band, '180]' in the lower",
                "[54 180] | [180 [54 | edge '[54' is not above the one before it",
                "[54 180] | [5400 | band edge 5400.0 lies outside the hard limits",
                "2345-7 | 2345 | '2345' is not a LOINC code",
                "2345-7 | glucose | 'glucose' is not a LOINC code",
                "sugar,Sugar | Sugar,Sugar | metric code 'Sugar' is not lower case with underscores",
                "mg/dL,sample | ,sample | column unit is empty",
                ",1000,54 | ,,54 | column hard_max is empty",
                ",1000,54 | ,Infinity,54 | 'Infinity' is not a finite number"
            })
    void aMetricThatContradictsItselfIsRefusedWithItsLine(String part, String replacement, String problem) {
        String broken = METRIC.replace(part, replacement == null ? "" : replacement);
        assertThat(broken).isNotEqualTo(METRIC);
        assertThat(problems(broken, "")).contains("metrics.csv:2: " + problem);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "sugar, | salt, | metric salt is not in metrics.csv",
                ",mg/dL, | ,g/L, | converts to g/L, but sugar is kept in mg/dL",
                "18.01559 | 0 | factor is missing or 0",
                "18.01559 | '' | factor is missing or 0",
                "mmol/L | mg/dL | unit mg/dL of sugar is there twice",
                "mmol/L | '' | column from is empty"
            })
    void aUnitThatContradictsTheMetricsIsRefusedWithItsLine(String part, String replacement, String problem) {
        assertThat(problems(METRIC, UNIT.replace(part, replacement))).containsExactly("units.csv:2: " + problem);
    }

    @Test
    void whatIsExpectedOfSeveralValuesIsRead() {
        Metric.Plausibility glucose =
                catalogue.metric("glucose_cgm").orElseThrow().plausibility();
        assertThat(glucose.ratePerMinute()).hasValue(10);
        assertThat(glucose.frozenAfter()).contains(Duration.ofHours(3));
        assertThat(glucose.step()).isEmpty();
        assertThat(catalogue.metric("audiogram").orElseThrow().plausibility().step())
                .hasValue(5);
        assertThat(catalogue.metric("bp_diastolic").orElseThrow().plausibility().below())
                .contains("bp_systolic");
        assertThat(catalogue.metric("bp_systolic").orElseThrow().plausibility().above())
                .contains("bp_diastolic");
    }

    @Test
    void nightsAndNapsAreMadeOfSleep() {
        assertThat(catalogue.metrics().stream().filter(metric -> metric.madeOf().isPresent()))
                .extracting(metric -> metric.code() + " " + metric.madeOf().get() + " " + metric.attributes())
                .containsExactly(
                        "sleep_night sleep {part=[asleep, awake, light, deep, rem, period]}", "sleep_nap sleep {}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "PT3H,, | soon,, | metrics.csv:2: column frozen_after is not a duration such as PT1H",
                "PT3H,, | ,salt, | metrics.csv: sugar is below salt, which is not above it in the same unit",
                "PT3H,, | ,,sugar | metrics.csv: sugar is above sugar, which is not below it in the same unit",
                "PT3H,,, | ,,,salt | metrics.csv: sugar is made of salt, which nobody can send",
                "PT3H,,, | ,,,sugar | metrics.csv: sugar is made of sugar, which nobody can send"
            })
    void expectationsThatCannotBeMetAreRefused(String part, String replacement, String problem) throws IOException {
        String rows = METRICS_HEADER.replace("\n", ",step,rate_per_minute,frozen_after,below,above,made_of\n")
                + METRIC.replace("\n", ",,10,PT3H,,,\n").replace(part, replacement);
        Files.writeString(folder.resolve("metrics.csv"), rows);
        Files.writeString(folder.resolve("units.csv"), UNITS_HEADER + UNIT);
        assertThatExceptionOfType(CatalogueException.class)
                .isThrownBy(() -> Catalogue.load(folder))
                .satisfies(refused -> assertThat(refused.problems()).contains(problem));
    }

    @Test
    void allProblemsAreListedAtOnce() {
        List<String> problems = problems(
                METRIC.replace(",0,1000,", ",1000,0,").replace("[54 180]", "") + METRIC.replace("sugar", "Sugar"),
                UNIT + UNIT);
        assertThat(problems).anyMatch(problem -> problem.startsWith("metrics.csv:2: "));
        assertThat(problems).anyMatch(problem -> problem.startsWith("metrics.csv:3: "));
        assertThat(problems).anyMatch(problem -> problem.startsWith("units.csv:3: "));
    }

    @Test
    void anEmptyCatalogueIsRefused() {
        assertThat(problems("", "")).containsExactly("metrics.csv: no metrics");
    }

    @Test
    void aFolderWithoutTheFilesIsNamed() {
        assertThatThrownBy(() -> Catalogue.load(folder.resolve("none")))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("none");
    }

    private Catalogue load(String metrics, String units) throws IOException {
        Files.writeString(folder.resolve("metrics.csv"), METRICS_HEADER + metrics);
        Files.writeString(folder.resolve("units.csv"), UNITS_HEADER + units);
        return Catalogue.load(folder);
    }

    private List<String> problems(String metrics, String units) {
        CatalogueException[] thrown = new CatalogueException[1];
        assertThatExceptionOfType(CatalogueException.class)
                .isThrownBy(() -> load(metrics, units))
                .satisfies(e -> thrown[0] = e);
        return thrown[0].problems();
    }
}
