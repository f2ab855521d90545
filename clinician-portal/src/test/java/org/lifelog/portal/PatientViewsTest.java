package org.lifelog.portal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.LoadState;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.IntToDoubleFunction;
import java.util.regex.Pattern;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.lifelog.contract.Catalogue;
import org.lifelog.contract.Metric;

/** The views of a subject who holds every metric of the catalogue, in a real browser. */
class PatientViewsTest {
    private static final String SUBJECT = "everything";
    /** Names the folder into which a picture of each view goes; nothing is kept without it. */
    private static final String PICTURES = System.getProperty("lifelog.pictures");

    private static RunningPortal portal;
    private static TestBrowser browser;

    @BeforeAll
    static void start() {
        browser = new TestBrowser();
        portal = RunningPortal.start();
        ViewRows.write(portal.rows, SUBJECT);
    }

    @AfterAll
    static void stop() {
        if (portal != null) {
            portal.close();
        }
        if (browser != null) {
            browser.close();
        }
    }

    private static Page subject(String locale, ColorScheme scheme) {
        Page page = browser.open(portal, locale, scheme);
        TestBrowser.logIn(page, RunningPortal.WONJU);
        page.locator("[data-testid=worklist-row][data-subject=" + SUBJECT + "]").click();
        page.locator("[role=tab]").first().waitFor();
        return page;
    }

    private static List<String> tabs(Page page) {
        return page.locator("[role=tab]").all().stream()
                .map(tab -> tab.getAttribute("id"))
                .toList();
    }

    private static void openTab(Page page, String id) {
        page.locator("#" + id).click();
        PlaywrightAssertions.assertThat(page.locator("[data-testid=trend]"))
                .hasAttribute("data-points", Pattern.compile("[1-9][0-9]*"));
        page.waitForLoadState(LoadState.NETWORKIDLE);
        PlaywrightAssertions.assertThat(page.locator("[aria-busy=true]")).hasCount(0);
    }

    private static double figure(Page page, String name) {
        return Double.parseDouble(page.locator("[data-testid=figure-" + name + "-value]")
                .innerText()
                .replace(",", ""));
    }

    @Test
    void everyTabHasAPictureInBothLanguages() {
        for (String locale : List.of("en-US", "ko-KR")) {
            browser.errors.clear();
            Page page = subject(locale, ColorScheme.LIGHT);
            for (String tab : tabs(page)) {
                openTab(page, tab);
                assertThat(page.locator("[role=tabpanel]").innerText()).as(tab).doesNotContain("undefined", "NaN", "{");
            }
            assertThat(browser.errors).isEmpty();
            page.close();
        }
    }

    @Test
    void overviewShowsEveryMetricOfTheCatalogueOnOneAxis() {
        for (String locale : List.of("en-US", "ko-KR")) {
            Page page = subject(locale, ColorScheme.LIGHT);
            openTab(page, "tab-overview");
            String text = page.locator("[role=tabpanel]").innerText();
            for (Metric metric : Catalogue.load().metrics()) {
                // Stages are in the nights that are made of them.
                if (!metric.code().equals("sleep")) {
                    assertThat(text).contains(locale.startsWith("ko") ? metric.nameKo() : metric.name());
                }
            }
            assertThat(page.locator(".strip-plot .uplot").count())
                    .isEqualTo(Catalogue.load().metrics().size() - 2);
            page.close();
        }
    }

    @Test
    void noViewHasASeriousFaultInLightOrDark() {
        List<String> faults = new ArrayList<>();
        for (ColorScheme scheme : List.of(ColorScheme.LIGHT, ColorScheme.DARK)) {
            Page page = browser.open(portal, "en-US", scheme);
            look(page, scheme, "login", faults);
            TestBrowser.logIn(page, RunningPortal.WONJU);
            look(page, scheme, "worklist", faults);
            page.locator("[data-testid=worklist-row][data-subject=" + SUBJECT + "]")
                    .click();
            page.locator("[role=tab]").first().waitFor();
            for (String tab : tabs(page)) {
                openTab(page, tab);
                look(page, scheme, tab, faults);
            }
            page.close();
        }
        assertThat(faults).isEmpty();
    }

    private static void look(Page page, ColorScheme scheme, String view, List<String> faults) {
        browser.faults(page).forEach(fault -> faults.add(scheme + " " + view + " " + fault));
        if (PICTURES != null) {
            page.screenshot(new Page.ScreenshotOptions()
                    .setFullPage(true)
                    .setPath(Path.of(PICTURES, view + "-" + scheme.name().toLowerCase(Locale.ROOT) + ".png")));
        }
    }

    @Test
    void pressureFiguresAreThoseOfTheReadings() {
        Page page = subject("en-US", ColorScheme.LIGHT);
        openTab(page, "tab-blood_pressure");
        String[] morning =
                page.locator("[data-testid=figure-morning-value]").innerText().split("/");
        String[] evening =
                page.locator("[data-testid=figure-evening-value]").innerText().split("/");

        assertThat(Double.parseDouble(morning[0])).isEqualTo(mean(ViewRows::morningSystolic), within(0.5));
        assertThat(Double.parseDouble(morning[1])).isEqualTo(mean(day -> 86 + day % 5), within(0.5));
        assertThat(Double.parseDouble(evening[0])).isEqualTo(mean(day -> 124 + day % 6), within(0.5));
        assertThat(Double.parseDouble(evening[1])).isEqualTo(mean(day -> 76 + day % 4), within(0.5));
        page.close();
    }

    private static double mean(IntToDoubleFunction value) {
        return IntStream.range(0, ViewRows.DAYS).mapToDouble(value).average().orElseThrow();
    }

    @Test
    void sleepHasRegularityAndTheStagesOfThePickedNight() {
        Page page = subject("en-US", ColorScheme.LIGHT);
        openTab(page, "tab-sleep_night");

        double[] midpoints =
                IntStream.range(1, ViewRows.DAYS).mapToDouble(ViewRows::bedtime).toArray();
        double mean = DoubleStream.of(midpoints).average().orElseThrow();
        double squares = 0;
        for (double midpoint : midpoints) {
            squares += (midpoint - mean) * (midpoint - mean);
        }
        assertThat(figure(page, "midpoint")).isEqualTo(Math.sqrt(squares / (midpoints.length - 1)), within(0.51));
        assertThat(page.locator("[data-testid=night-bar]").count()).isEqualTo(ViewRows.DAYS - 1);
        PlaywrightAssertions.assertThat(page.locator("[data-testid=hypnogram]")).hasAttribute("data-pieces", "12");
        PlaywrightAssertions.assertThat(page.locator("[data-testid=stage-deep]"))
                .containsText("1 h 50 min");

        page.setViewportSize(820, 1_180);
        PlaywrightAssertions.assertThat(page.locator("[data-testid=hypnogram]")).hasAttribute("data-pieces", "12");
        assertThat(page.locator("main").evaluate("main => main.scrollWidth <= innerWidth"))
                .as("a tablet's width is enough")
                .isEqualTo(true);
        String newest = page.locator("[data-testid=night]").innerText();
        page.locator("[data-testid=night-bar]").nth(3).focus();
        page.keyboard().press("Enter");
        PlaywrightAssertions.assertThat(page.locator("[data-testid=night]"))
                .not()
                .hasText(newest);
        PlaywrightAssertions.assertThat(page.locator("[data-testid=hypnogram]")).hasAttribute("data-pieces", "12");
        page.close();
    }

    @Test
    void audiogramHasAveragesAndTheDatesThatAreChosen() {
        Page page = subject("en-US", ColorScheme.LIGHT);
        openTab(page, "tab-audiogram");

        for (String ear : List.of("left", "right")) {
            double average = IntStream.of(500, 1_000, 2_000, 4_000)
                    .mapToDouble(frequency -> ViewRows.threshold(ear, frequency, 2))
                    .average()
                    .orElseThrow();
            assertThat(figure(page, "pta-" + ear)).isEqualTo(average, within(0.051));
        }
        assertThat(page.locator("[data-testid=ear-right] circle").count()).isEqualTo(3 * ViewRows.FREQUENCIES.length);
        page.locator(".check input").first().uncheck();
        assertThat(page.locator("[data-testid=ear-right] circle").count()).isEqualTo(2 * ViewRows.FREQUENCIES.length);
        page.close();
    }

    @Test
    void gradesAreOfTheAirOnlyAndOfAllItsHours() {
        Page page = subject("en-US", ColorScheme.LIGHT);
        openTab(page, "tab-air");
        Locator rows = page.locator("[data-testid=grade-table] tbody tr");

        // Four grades of PM2.5 and of PM10, two of carbon dioxide and of sound.
        assertThat(rows.count()).isEqualTo(12);
        assertThat(page.locator("[data-testid=grade-table]").innerText()).doesNotContain("saturation");
        double shares = IntStream.range(0, 4)
                .mapToDouble(i -> Double.parseDouble(
                        rows.nth(i).locator("td").last().innerText().replace(" %", "")))
                .sum();
        assertThat(shares).isEqualTo(100, within(0.21));
        page.close();
    }

    @Test
    void keysReachTabsToolsAndPlots() {
        Page page = subject("en-US", ColorScheme.LIGHT);
        openTab(page, "tab-heart");
        String period = page.locator("[data-testid=period]").innerText();
        Locator tab = page.locator("#tab-heart");
        tab.focus();
        page.keyboard().press("Tab");
        assertThat(focused(page)).isEqualTo("range-days1");
        for (int i = 0; i < 12 && !"trend".equals(focused(page)); i++) {
            page.keyboard().press("Tab");
            assertThat((Boolean)
                            page.evaluate("() => getComputedStyle(document.activeElement).outlineStyle !== 'none'"))
                    .as("focus of " + focused(page) + " can be seen")
                    .isTrue();
        }
        assertThat(focused(page)).isEqualTo("trend");
        page.keyboard().press("ArrowLeft");
        PlaywrightAssertions.assertThat(page.locator("[data-testid=period]"))
                .not()
                .hasText(period);
        assertThat(focused(page)).isEqualTo("trend");

        tab.focus();
        page.keyboard().press("ArrowRight");
        page.keyboard().press("Enter");
        PlaywrightAssertions.assertThat(tab).hasAttribute("aria-selected", "false");
        page.close();
    }

    private static String focused(Page page) {
        return (String) page.evaluate("() => document.activeElement.dataset.testid ?? document.activeElement.id");
    }
}
