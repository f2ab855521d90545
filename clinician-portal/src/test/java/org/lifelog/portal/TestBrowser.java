package org.lifelog.portal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.ColorScheme;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Stream;

/** A headless Chromium, the portal's page in it, and axe-core to look for what keeps people from using it. */
final class TestBrowser implements AutoCloseable {
    private static final int WIDTH = 1_180;
    private static final int HEIGHT = 900;
    private final Playwright playwright;
    private final Browser browser;
    private final String axe = axe();

    /** What the console of a page said that no page should say. */
    final List<String> errors = new ArrayList<>();

    /** Starts one; a test without a Chromium on its machine is left out, but never in CI. */
    TestBrowser() {
        Optional<Path> chromium = Stream.of("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome")
                .map(Path::of)
                .filter(Files::isExecutable)
                .findFirst();
        if (System.getenv("CI") == null) {
            assumeThat(chromium).as("a Chromium on this machine").isPresent();
        }
        playwright = Playwright.create(
                new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        browser = playwright
                .chromium()
                .launch(new BrowserType.LaunchOptions()
                        .setExecutablePath(chromium.orElseThrow())
                        .setArgs(List.of("--no-sandbox", "--disable-gpu", "--disable-background-networking")));
    }

    /** The page before the login, in a language and a theme. */
    Page open(RunningPortal portal, String locale, ColorScheme scheme) {
        Page page = browser.newPage(new Browser.NewPageOptions()
                .setLocale(locale)
                .setColorScheme(scheme)
                .setViewportSize(WIDTH, HEIGHT));
        page.onConsoleMessage(message -> {
            if (message.type().equals("error")) {
                errors.add(message.text());
            }
        });
        page.onPageError(errors::add);
        page.navigate("http://127.0.0.1:" + portal.port());
        PlaywrightAssertions.assertThat(page.locator("[data-testid=login-username]"))
                .isVisible();
        return page;
    }

    /** Logs in and waits for the list of subjects. */
    static void logIn(Page page, String username) {
        page.locator("[data-testid=login-username]").fill(username);
        page.locator("[data-testid=login-password]").fill(RunningPortal.PASSWORD);
        page.locator("[data-testid=login-submit]").click();
        PlaywrightAssertions.assertThat(page.locator("[data-testid=worklist]")).isVisible();
    }

    /** The serious and critical faults that axe-core finds, each with the elements that have it. */
    @SuppressWarnings("unchecked")
    List<String> faults(Page page) {
        page.evaluate(axe);
        Object found = page.evaluate("() => axe.run(document, { resultTypes: ['violations'] }).then((result) =>"
                + " result.violations.filter((one) => ['serious', 'critical'].includes(one.impact))"
                + ".map((one) => one.id + ': ' + one.nodes.map((node) => node.html + ' ' + node.failureSummary)"
                + ".join(' | ')))");
        assertThat(found).isInstanceOf(List.class);
        return (List<String>) found;
    }

    /** From its WebJar, of which it is the one script. */
    private static String axe() {
        String pom = "/META-INF/maven/org.webjars.npm/axe-core/pom.properties";
        try (InputStream in = TestBrowser.class.getResourceAsStream(pom)) {
            Properties properties = new Properties();
            properties.load(in);
            String script = "/META-INF/resources/webjars/axe-core/" + properties.getProperty("version") + "/axe.min.js";
            try (InputStream text = TestBrowser.class.getResourceAsStream(script)) {
                return new String(text.readAllBytes(), StandardCharsets.UTF_8);
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        browser.close();
        playwright.close();
    }
}
