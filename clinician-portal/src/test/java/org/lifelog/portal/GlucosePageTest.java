package org.lifelog.portal;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.text.PDFTextStripper;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The glucose report in a real browser; what it shows is compared with plain loops over the stored readings. */
class GlucosePageTest {
    /** Where pictures of the views are put, if anywhere. */
    private static final String PICTURES = System.getenv("LIFELOG_PICTURES");

    private static final boolean DARK = "dark".equals(System.getenv("LIFELOG_PICTURES_SCHEME"));

    private static RunningPortal portal;
    private static GlucosePatient patient;
    private static PortalBrowser browser;

    private Page page;

    @BeforeAll
    static void start() {
        browser = PortalBrowser.start();
        portal = RunningPortal.start();
        patient = GlucosePatient.store(portal.rows);
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

    @BeforeEach
    void open() {
        page = browser.logIn(
                portal,
                new Browser.NewPageOptions()
                        .setLocale("en-US")
                        .setViewportSize(1280, 900)
                        .setColorScheme(DARK ? ColorScheme.DARK : ColorScheme.LIGHT));
    }

    @AfterEach
    void nothingFailed() {
        assertThat(browser.errors()).isEmpty();
        page.context().close();
    }

    @Test
    void figuresGoalsAndTheTimeBefore() {
        see("watched");

        List<Double> now = patient.lastFortnight();
        List<Double> before = patient.fortnightBefore();
        assertThat(number("figure-mean-value")).isEqualTo(mean(now), within(0.5));
        assertThat(number("figure-cv-value")).isEqualTo(cv(now), within(0.051));
        assertThat(number("figure-gmi-value")).isEqualTo(3.31 + 0.02392 * mean(now), within(0.051));
        assertThat(number("figure-in-range-value")).isEqualTo(share(now, 70, 180), within(0.051));
        assertThat(text("figure-mean-delta")).contains(String.format("before: %.0f mg/dL", mean(before)));
        assertThat(signed(text("figure-in-range-delta")))
                .isEqualTo(share(now, 70, 180) - share(before, 70, 180), within(0.051));
        double below70 = share(now, 0, Math.nextDown(70.0));
        assertThat(text("goal-low")).contains(String.format("all < 70: %.1f %%, goal < 4 %%", below70));
        assertThat(at("goal-low").getAttribute("data-met")).isEqualTo(Boolean.toString(below70 < 4));
        assertThat(at("goal-target").getAttribute("data-met")).isEqualTo(Boolean.toString(share(now, 70, 180) > 70));
        picture("report");
    }

    @Test
    void profileIsThePercentilesOfEachHalfHour() {
        see("watched");
        page.locator(".as-table summary").click();

        Locator row = page.locator("[data-testid=agp-table] tbody tr").nth(16);
        assertThat(row.locator("th")).hasText("08:00–08:30");
        List<Double> values = patient.atHalfHour(16);
        double[] probabilities = {0.05, 0.25, 0.5, 0.75, 0.95};
        assertThat(Integer.parseInt(row.locator("td").nth(0).innerText())).isEqualTo(values.size());
        for (int i = 0; i < probabilities.length; i++) {
            assertThat(Double.parseDouble(row.locator("td").nth(i + 1).innerText()))
                    .isEqualTo(quantile(values, probabilities[i]), within(0.51));
        }
    }

    @Test
    void pointingAtADayDrawsItsTraceOverTheProfile() {
        see("watched");
        Locator thumbnail = at("thumbnail").nth(5);
        thumbnail.hover();

        assertThat(at("agp-trace")).hasAttribute("data-date", thumbnail.getAttribute("data-date"));
        assertThat(at("agp-trace").getAttribute("d")).startsWith("M");
        picture("hover");
        // Where the trace begins, as "M46.0 123.4h0L..." says.
        String[] place = at("agp-trace").getAttribute("d").substring(1).split("[ h]");
        at("agp")
                .hover(new Locator.HoverOptions()
                        .setPosition(Double.parseDouble(place[0]), Double.parseDouble(place[1])));
        assertThat(page.locator(".agp-box .tip strong")).containsText("mg/dL");
        assertThat(at("agp-trace").getAttribute("d")).startsWith("M");
    }

    @Test
    void aDayShowsAllThatWasMeasuredOnIt() {
        see("watched");
        assertThat(at("thumbnail")).hasCount(14);
        at("thumbnail").nth(12).focus();
        page.keyboard().press("Enter");
        assertThat(at("day-view")).isVisible();

        assertThat(text("day-steps")).isEqualTo(String.format("%,d", GlucosePatient.STEPS_A_DAY));
        assertThat(text("day-sleep")).isEqualTo("7 h 30 min");
        assertThat(text("day-meals")).isEqualTo("07:00 98 (fasting), 13:30 171 (after meal)");
        assertThat(text("day-glucose")).startsWith("288 readings");
        String date = page.locator("#day-title").getAttribute("data-date");
        at("day-panels").hover();
        assertThat(at("day-readout")).containsText("Glucose");
        picture("day");
        at("day-before").click();
        assertThat(page.locator("#day-title")).not().hasAttribute("data-date", date);
        page.keyboard().press("Escape");
        assertThat(at("day-view")).isHidden();
    }

    @Test
    void unitIsChangedEverywhere() {
        see("watched");
        at("unit-mmoll").click();

        double mean = mean(patient.lastFortnight()) / 18.01559;
        assertThat(number("figure-mean-value")).isEqualTo(mean, within(0.051));
        assertThat(text("figure-mean-delta")).endsWith("mmol/L");
        assertThat(text("range-low")).contains("3.0–3.9 mmol/L");
        assertThat(at("agp").locator("text.unit")).hasText("mmol/L");
        at("thumbnail").nth(3).click();
        assertThat(at("day-glucose")).containsText("mmol/L");
        at("unit-mgdl").click();
        assertThat(at("day-glucose")).containsText("mg/dL");
    }

    @Test
    void tooFewDataAreSaidInsteadOfFigures() {
        see("short");

        assertThat(at("sufficiency")).containsText("The readings span 5.0 days; 14 are needed.");
        assertThat(at("figure-mean-value")).isHidden();
        assertThat(at("agp")).isHidden();
        assertThat(at("thumbnail").first()).isVisible();
        picture("too-few");
        page.locator("[data-testid=anyway] > summary").click();
        assertThat(at("figure-mean-value")).isVisible();
        assertThat(at("agp").locator("svg")).isVisible();
    }

    @Test
    void meterReadingsAreAModalDayByMeals() {
        see("watched");
        at("tab-glucose_smbg").click();
        assertThat(at("modal-day").locator("svg")).isVisible();

        assertThat(at("meal-table").locator("tbody tr")).hasCount(2);
        assertThat(at("meal-table").locator("tbody tr").first()).containsText("after meal");
        assertThat(at("meal-table").locator("tbody tr").first().locator("td").nth(1))
                .hasText("171");
        assertThat(at("figure-gmi")).hasCount(0);
        assertThat(at("goal-target")).hasCount(0);
        picture("meter");
    }

    @Test
    void printedReportIsOnePageWithTheSameFigures() throws Exception {
        see("watched");
        page.evaluate("window.print = () => { window.printed = true; }");
        at("print").click();
        assertThat(page.evaluate("window.printed")).isEqualTo(true);
        String mean = text("figure-mean-value");
        String gmi = text("figure-gmi-value");
        String cv = text("figure-cv-value");
        String inRange = text("figure-in-range-value");
        byte[] pdf = page.pdf(new Page.PdfOptions().setPreferCSSPageSize(true).setPrintBackground(true));
        if (PICTURES != null) {
            Files.write(Path.of(PICTURES, "report.pdf"), pdf);
        }

        try (PDDocument document = Loader.loadPDF(pdf)) {
            assertThat(document.getNumberOfPages()).isEqualTo(1);
            assertThat(document.getPage(0).getMediaBox().getWidth()).isEqualTo(595, within(1f));
            String text = new PDFTextStripper().getText(document).replaceAll("\\s+", " ");
            assertThat(text)
                    .contains("watched", mean + " mg/dL", gmi + " %", cv + " %", inRange + " %", "goal > 70 %")
                    .contains("Enough data for a reliable report", "12:00", "in range")
                    .doesNotContain("Log out");
        }
    }

    @Test
    void koreanAndTablet() {
        page.context().close();
        page = browser.logIn(
                portal,
                new Browser.NewPageOptions()
                        .setLocale("ko-KR")
                        .setViewportSize(834, 1112)
                        .setColorScheme(ColorScheme.DARK));
        see("watched");

        assertThat(at("print")).hasText("보고서 인쇄");
        assertThat((Boolean) page.evaluate("document.documentElement.scrollWidth <= innerWidth"))
                .isTrue();
        at("thumbnail").nth(3).click();
        assertThat(at("day-view")).isVisible();
        picture("tablet-dark");
    }

    private void see(String subject) {
        page.navigate("http://127.0.0.1:" + portal.port() + "/#/isens/" + subject);
        assertThat(at("thumbnails")).isVisible();
    }

    private Locator at(String testId) {
        return page.locator("[data-testid=" + testId + "]");
    }

    private String text(String testId) {
        return at(testId).innerText().replace('\u00a0', ' ');
    }

    private double number(String testId) {
        return Double.parseDouble(text(testId));
    }

    private static double signed(String text) {
        String sign = text.substring(0, text.indexOf(' '));
        return Double.parseDouble(sign.replace('−', '-').replace("±", ""));
    }

    private void picture(String name) {
        if (PICTURES != null) {
            page.screenshot(new Page.ScreenshotOptions()
                    .setPath(Path.of(PICTURES, name + (DARK ? "-dark" : "") + ".png"))
                    .setFullPage(true));
        }
    }

    private static double mean(List<Double> values) {
        return values.stream().mapToDouble(Double::doubleValue).sum() / values.size();
    }

    private static double cv(List<Double> values) {
        double mean = mean(values);
        double squares = values.stream()
                .mapToDouble(value -> (value - mean) * (value - mean))
                .sum();
        return 100 * Math.sqrt(squares / (values.size() - 1)) / mean;
    }

    private static double share(List<Double> values, double from, double to) {
        return 100.0
                * values.stream().filter(value -> value >= from && value <= to).count()
                / values.size();
    }

    /** Type 7, by its definition. */
    private static double quantile(List<Double> values, double probability) {
        List<Double> sorted = values.stream().sorted().toList();
        double position = (sorted.size() - 1) * probability;
        int below = (int) position;
        int above = Math.min(below + 1, sorted.size() - 1);
        return sorted.get(below) + (position - below) * (sorted.get(above) - sorted.get(below));
    }
}
