package org.lifelog.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.LoadState;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** A clinician's way through the page in a real browser, over data that went the whole way as a file does. */
class EndToEndPageTest {
    /** Fourteen days and a little, so that the report has enough. */
    private static final int READINGS = 4_050;

    private static final int NIGHTS = 10;

    private final RunningPlatform service = RunningPlatform.shared();

    @TempDir
    private Path folder;

    @Test
    void pageShowsTheFiguresOfWhatWasSent() throws Exception {
        Optional<Path> chromium = Stream.of("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome")
                .map(Path::of)
                .filter(Files::isExecutable)
                .findFirst();
        if (System.getenv("CI") == null) {
            assumeThat(chromium).as("a Chromium on this machine").isPresent();
        }
        List<Double> values = sendAsFile();

        try (Playwright playwright = Playwright.create(
                new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")))) {
            Browser browser = playwright
                    .chromium()
                    .launch(new BrowserType.LaunchOptions()
                            .setExecutablePath(chromium.orElseThrow())
                            .setArgs(List.of(
                                    "--no-sandbox",
                                    "--disable-gpu",
                                    "--disable-quic",
                                    "--no-first-run",
                                    "--disable-background-networking",
                                    "--disable-component-update",
                                    "--disable-sync")));
            Page page = browser.newPage(new Browser.NewPageOptions().setLocale("en-US"));
            List<String> errors = new ArrayList<>();
            logIn(page);
            // From here on: the wrong password above is an error in the console, as it should be.
            page.onConsoleMessage(message -> {
                if (message.type().equals("error")) {
                    errors.add(message.text());
                }
            });
            page.onPageError(errors::add);
            openFromWorklist(page);

            compare(page, values);
            assertThat(page.locator("[data-testid=trend] canvas").count()).isPositive();
            assertThat(Integer.parseInt(page.locator("[data-testid=trend]").getAttribute("data-points")))
                    .isGreaterThan(3_000);
            assertThat(page.locator("[data-testid=daily-bar]").count()).isGreaterThanOrEqualTo(14);
            seeADay(page);
            printReport(page);
            zoom(page);
            seeNights(page);
            assertThat(errors).isEmpty();
        }
    }

    private List<Double> sendAsFile() throws Exception {
        Instant start = Instant.now().truncatedTo(ChronoUnit.HOURS).minus(Duration.ofMinutes(5L * (READINGS + 60)));
        List<GlucoseCourse.Point> points = GlucoseCourse.points(start, READINGS);
        StringBuilder csv = new StringBuilder("id,when,gl\n");
        points.forEach(point -> csv.append("paged,")
                .append(point.time())
                .append(',')
                .append(point.value())
                .append('\n'));
        sendNights();
        Path file = Files.writeString(folder.resolve("course.csv"), csv);
        CommandLine commandLine = Lifelog.commandLine();
        assertThat(commandLine.execute(
                        "send",
                        file.toString(),
                        "--center=isens",
                        "--metric=glucose_cgm",
                        "--unit=mg/dL",
                        "--time-column=when",
                        "--data=" + service.data()))
                .isZero();
        assertThat(commandLine.execute("ledger", "--wait=PT2M", "--data=" + service.data()))
                .isZero();
        return points.stream().map(GlucoseCourse.Point::value).toList();
    }

    private void sendNights() throws InterruptedException {
        ZonedDateTime today = ZonedDateTime.now(ZoneId.of("Asia/Seoul")).truncatedTo(ChronoUnit.DAYS);
        List<Outgoing> nights = new ArrayList<>();
        for (int night = 1; night <= NIGHTS; night++) {
            ZonedDateTime asleep = today.minusDays(night).minusMinutes(20L * night);
            ObjectNode reading = new ObjectMapper()
                    .createObjectNode()
                    .put("subject", "paged")
                    .put("device", "watch-1")
                    .put("metric", "sleep")
                    .put("value", 400)
                    .put("unit", "min")
                    .put("time", asleep.toOffsetDateTime().toString())
                    .put("end", asleep.plusMinutes(400).toOffsetDateTime().toString());
            nights.add(new Outgoing(0, reading));
        }
        try (ReadingSender sender = service.http("isens")) {
            assertThat(sender.send(nights).problems()).isEmpty();
        }
    }

    private static void seeNights(Page page) {
        page.locator("[data-testid=tab-sleep_night]").click();
        PlaywrightAssertions.assertThat(page.locator("[data-testid=trend]"))
                .hasAttribute("data-points", Integer.toString(NIGHTS));
    }

    private void logIn(Page page) {
        ServiceCredentials.Account clinician =
                service.credentials().portal().clinicians().get("isens");
        page.navigate(service.credentials().portal().url());
        page.locator("[data-testid=login-username]").fill(clinician.username());
        page.locator("[data-testid=login-password]").fill("wrong");
        page.locator("[data-testid=login-submit]").click();
        PlaywrightAssertions.assertThat(page.locator("[data-testid=login-error]"))
                .isVisible();
        page.locator("[data-testid=login-password]").fill(clinician.password());
        page.locator("[data-testid=login-submit]").click();
        PlaywrightAssertions.assertThat(page.locator("[data-testid=worklist]")).isVisible();
    }

    /** The worklist is as of some moments ago. */
    private static void openFromWorklist(Page page) {
        Locator row = page.locator("[data-testid=worklist-row][data-subject=paged]");
        await().atMost(Duration.ofMinutes(2)).until(() -> {
            page.reload();
            page.waitForLoadState(LoadState.NETWORKIDLE);
            return row.count() == 1;
        });
        row.click();
        page.waitForLoadState(LoadState.NETWORKIDLE);
    }

    /** The page's report covers the last 14 days; the figures here are plain loops over what was sent of them. */
    private static void compare(Page page, List<Double> sent) {
        int n = Integer.parseInt(digits(page.locator("[data-testid=report-n]").innerText()));
        assertThat(n).isBetween(3_900, READINGS);
        List<Double> values = sent.subList(sent.size() - n, sent.size());
        double mean = values.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
        double sd = Math.sqrt(
                values.stream().mapToDouble(v -> (v - mean) * (v - mean)).sum() / (n - 1));
        double inRange =
                100.0 * values.stream().filter(v -> v >= 70 && v <= 180).count() / n;
        assertThat(figure(page, "mean")).isEqualTo(mean, within(0.5));
        assertThat(figure(page, "cv")).isEqualTo(100 * sd / mean, within(0.051));
        assertThat(figure(page, "gmi")).isEqualTo(3.31 + 0.02392 * mean, within(0.051));
        assertThat(figure(page, "in-range")).isEqualTo(inRange, within(0.051));
        assertThat(page.locator("[data-testid=sufficiency]").getAttribute("data-enough"))
                .isEqualTo("true");
    }

    /** A day that lies whole in the report: its figure is that of what was sent of it. */
    private static void seeADay(Page page) {
        PlaywrightAssertions.assertThat(page.locator("[data-testid=thumbnail]")).hasCount(14);
        page.locator("[data-testid=thumbnail]").nth(6).click();
        PlaywrightAssertions.assertThat(page.locator("[data-testid=day-view]")).isVisible();
        // Every 97th of the 288 readings of a day is left out.
        assertThat(page.locator("[data-testid=day-glucose]").innerText()).matches("28[56] readings, mean .*");
        page.locator("[data-testid=day-close]").click();
    }

    /** What the printer gets has the figures that the screen has. */
    private static void printReport(Page page) {
        String sheet = page.locator("[data-testid=print-report]").textContent();
        for (String name : List.of("mean", "cv", "gmi", "in-range")) {
            assertThat(sheet)
                    .contains(page.locator("[data-testid=figure-" + name + "-value]")
                            .innerText());
        }
        assertThat(sheet).contains("paged");
    }

    private static double figure(Page page, String name) {
        return Double.parseDouble(
                page.locator("[data-testid=figure-" + name + "-value]").innerText());
    }

    private static String digits(String text) {
        return text.replaceAll("\\D", "");
    }

    private static void zoom(Page page) {
        Locator trend = page.locator("[data-testid=trend]");
        String fortnight = trend.getAttribute("aria-label");
        page.locator("[data-testid=range-days1]").click();
        PlaywrightAssertions.assertThat(trend).not().hasAttribute("aria-label", fortnight);
        page.locator("[data-testid=range-days14]").click();
        PlaywrightAssertions.assertThat(trend).hasAttribute("aria-label", fortnight);
    }
}
