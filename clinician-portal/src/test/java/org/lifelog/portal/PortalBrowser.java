package org.lifelog.portal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** A headless Chromium for tests of the page; without one they are skipped, but not in CI. */
final class PortalBrowser implements AutoCloseable {
    private final Playwright playwright;
    private final Browser browser;
    private final List<String> errors = new ArrayList<>();

    private PortalBrowser(Path chromium) {
        playwright = Playwright.create(
                new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        browser = playwright
                .chromium()
                .launch(new BrowserType.LaunchOptions()
                        .setExecutablePath(chromium)
                        .setArgs(List.of(
                                "--no-sandbox",
                                "--disable-gpu",
                                "--disable-quic",
                                "--no-first-run",
                                "--disable-background-networking",
                                "--disable-component-update",
                                "--disable-sync")));
    }

    static PortalBrowser start() {
        Optional<Path> chromium = Stream.of("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome")
                .map(Path::of)
                .filter(Files::isExecutable)
                .findFirst();
        if (System.getenv("CI") == null) {
            assumeThat(chromium).as("a Chromium on this machine").isPresent();
        }
        return new PortalBrowser(chromium.orElseThrow());
    }

    /** A page in which a clinician of iSens is logged in. */
    Page logIn(RunningPortal portal, Browser.NewPageOptions options) {
        Page page = browser.newPage(options);
        errors.clear();
        page.onConsoleMessage(message -> {
            if (message.type().equals("error")) {
                errors.add(message.text());
            }
        });
        page.onPageError(errors::add);
        page.navigate("http://127.0.0.1:" + portal.port());
        page.locator("[data-testid=login-username]").fill(RunningPortal.ISENS);
        page.locator("[data-testid=login-password]").fill(RunningPortal.PASSWORD);
        page.locator("[data-testid=login-submit]").click();
        page.waitForSelector("[data-testid=worklist]");
        assertThat(errors).isEmpty();
        return page;
    }

    /** What the page said in the console and what it threw, since the last login. */
    List<String> errors() {
        return errors;
    }

    @Override
    public void close() {
        playwright.close();
    }
}
