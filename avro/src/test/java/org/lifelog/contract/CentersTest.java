package org.lifelog.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.Period;
import java.time.ZoneId;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class CentersTest {
    private static final String CENTER = "{code: lab, name: Lab, name_ko: 검사실, zone: Europe/Berlin, metrics: [weight]}";

    private final Catalogue catalogue = Catalogue.load();

    @TempDir
    private Path folder;

    @Test
    void elevenCentersComeWithTheService() {
        Centers centers = Centers.load(catalogue);
        assertThat(centers.all())
                .extracting(Center::code)
                .containsExactly(
                        "wonju-yonsei",
                        "korea-univ",
                        "kangwon-univ",
                        "hallym-chuncheon",
                        "isens",
                        "bagel-labs",
                        "huraypositive",
                        "goodoc",
                        "kweather",
                        "audiology",
                        "healthmax");
        assertThat(centers.all()).extracting(Center::zone).containsOnly(ZoneId.of("Asia/Seoul"));
        assertThat(centers.center("isens").orElseThrow().metrics())
                .containsExactly("glucose_cgm", "glucose_smbg", "ketone_blood");
        assertThat(centers.center("elsewhere")).isEmpty();
    }

    @Test
    void onlyTheAirIsMeasuredAtSites() {
        assertThat(Centers.load(catalogue).all())
                .filteredOn(Center::site)
                .extracting(Center::code)
                .containsExactly("kweather");
    }

    @Test
    void aFileReplacesTheBuiltInOnes() throws IOException {
        assertThat(load("centers:\n- " + CENTER).all()).singleElement().satisfies(center -> {
            assertThat(center.code()).isEqualTo("lab");
            assertThat(center.name()).isEqualTo("Lab");
            assertThat(center.nameKo()).isEqualTo("검사실");
            assertThat(center.zone()).isEqualTo(ZoneId.of("Europe/Berlin"));
            assertThat(center.site()).isFalse();
            assertThat(center.metrics()).containsExactly("weight");
            assertThat(center.unknownDevices()).isEmpty();
        });
    }

    @ParameterizedTest
    @EnumSource
    void aCenterMaySayWhatIsDoneWithUnknownDevices(UnknownDevices policy) throws IOException {
        String saying = CENTER.replace("}", ", unknown_devices: " + policy.code() + "}");
        assertThat(load("centers:\n- " + saying).all())
                .extracting(Center::unknownDevices)
                .containsExactly(Optional.of(policy));
    }

    @Test
    void aCenterMaySayWhichTimesItBelieves() throws IOException {
        String saying = CENTER.replace("}", ", future_tolerance: PT1H, earliest_time: '2019-01-01T00:00:00Z'}");
        assertThat(load("centers:\n- " + saying).all()).singleElement().satisfies(center -> {
            assertThat(center.futureTolerance()).contains(Duration.ofHours(1));
            assertThat(center.earliest()).contains(Instant.parse("2019-01-01T00:00:00Z"));
        });
        assertThat(load("centers:\n- " + CENTER).all()).singleElement().satisfies(center -> {
            assertThat(center.futureTolerance()).isEmpty();
            assertThat(center.earliest()).isEmpty();
        });
    }

    @Test
    void aCenterMaySayForHowLongItKeepsWhatIsStored() throws IOException {
        String saying = CENTER.replace("}", ", retention: {readings: P10Y, 1m: P1Y2M, quarantined: P70D}}");
        assertThat(load("centers:\n- " + saying).all()).singleElement().satisfies(center -> {
            Retention retention = center.retention();
            assertThat(retention.of(Retention.Kept.READINGS)).contains(Period.ofYears(10));
            assertThat(retention.of(Retention.Kept.MINUTES)).contains(Period.of(1, 2, 0));
            assertThat(retention.of(Retention.Kept.QUARANTINED)).contains(Period.ofDays(70));
            assertThat(retention.of(Retention.Kept.HOURS)).isEmpty();
        });
        assertThat(load("centers:\n- " + CENTER).all())
                .extracting(Center::retention)
                .containsExactly(Retention.FOR_EVER);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "zone: | retention: {readings: P69D}, zone: | retention of readings is not a period of at least P70D",
                "zone: | retention: {readings: long}, zone: | retention of readings is not a period of at least P70D",
                "zone: | retention: {2h: P1Y}, zone: | retention of 2h: there are readings, 1m, 1h, 1d, quarantined",
                "zone: | future_tolerance: soon, zone: | future_tolerance is not a duration such as PT15M",
                "zone: | earliest_time: '2019', zone: | earliest_time is not an instant such as 2005-01-01T00:00:00Z",
                "weight | mood | metric mood is not in the catalogue",
                "[weight] | [] | no metrics",
                "Europe/Berlin | Mars/Olympus | zone is not a time zone such as Asia/Seoul",
                "zone: Europe/Berlin, | '' | zone is not a time zone such as Asia/Seoul",
                "code: lab | code: Lab | code is missing, or is not lower case letters, digits and hyphens",
                "code: lab | code: a/b | code is missing, or is not lower case letters, digits and hyphens",
                "code: lab, | '' | code is missing, or is not lower case letters, digits and hyphens",
                "zone: | unknown_devices: maybe, zone: | unknown_devices is neither quarantine nor accept",
                "zone: | unknown_devices: '', zone: | unknown_devices is neither quarantine nor accept",
                "'name_ko: 검사실,' | '' | name or name_ko is missing"
            })
    void aCenterThatCannotBeUsedIsRefusedWithItsPlace(String part, String replacement, String problem) {
        String broken = CENTER.replace(part, replacement);
        assertThat(broken).isNotEqualTo(CENTER);
        assertRefused(() -> load("centers:\n- " + CENTER.replace("lab", "first") + "\n- " + broken))
                .hasMessageContaining("centers.yaml: center 2: " + problem);
    }

    @Test
    void aCenterThatIsThereTwiceIsRefused() {
        assertRefused(() -> load("centers:\n- " + CENTER + "\n- " + CENTER))
                .hasMessageContaining("center 2: lab is there twice");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"'' | No content", "centers: [] | no centers", "centers: 3 | Cannot deserialize"})
    void aFileWithoutCentersIsRefused(String text, String problem) {
        assertRefused(() -> load(text)).hasMessageContaining("centers.yaml: ").hasMessageContaining(problem);
    }

    @Test
    void aFileThatIsNotThereIsNamed() {
        assertThatThrownBy(() -> Centers.load(folder.resolve("none.yaml"), catalogue))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("none.yaml");
    }

    private Centers load(String text) throws IOException {
        return Centers.load(Files.writeString(folder.resolve("centers.yaml"), text), catalogue);
    }

    private static org.assertj.core.api.AbstractThrowableAssert<?, ?> assertRefused(ThrowingCallable call) {
        return assertThatThrownBy(call)
                .isInstanceOf(CatalogueException.class)
                .hasMessageStartingWith("The list of centers cannot be used:\n");
    }
}
