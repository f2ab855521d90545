package org.lifelog.portal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.ColorScheme;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** What a real browser makes of the headers; {@link PortalTest} looks at the headers themselves. */
class AnswersTest {
    private static final String READ_TWICE = "async () => {"
            + " const texts = [];"
            + " for (let i = 0; i < 2; i++) {"
            + "   const answer = await fetch('/api/v1/centers');"
            + "   texts.push(answer.status + await answer.text());"
            + " }"
            + " return texts[0] === texts[1] && texts[0].startsWith('200{'); }";

    @Test
    void browserAsksByTheTagAndThePageSeesAWholeAnswer() {
        try (RunningPortal portal = RunningPortal.start();
                TestBrowser browser = new TestBrowser()) {
            portal.rows.reading(
                    portal.rows.series("isens", "S-1", "spo2", "", "%"),
                    portal.rows.device("isens", "watch-1"),
                    Instant.parse("2026-11-24T00:00:00Z"),
                    97,
                    0);
            Page page = browser.open(portal, "en-US", ColorScheme.LIGHT);
            TestBrowser.logIn(page, RunningPortal.ISENS);
            browser.errors.clear();

            assertThat(page.evaluate(READ_TWICE)).isEqualTo(true);
            await().untilAsserted(() -> assertThat(unchanged(portal)).isEqualTo(1));
            page.locator("[data-testid=logout]").click();
            PlaywrightAssertions.assertThat(page.locator("[data-testid=login-username]"))
                    .isVisible();
            TestBrowser.logIn(page, RunningPortal.ISENS);
            assertThat(browser.errors).isEmpty();
            assertThat(page.evaluate("fetch('/api/v1/centers').then((answer) => answer.status)"))
                    .isEqualTo(200);
            assertThat(unchanged(portal)).as("after a logout nothing is held").isEqualTo(1);
        }
    }

    private static long unchanged(RunningPortal portal) {
        return portal.metrics
                .get("lifelog.portal.request")
                .tag("route", "/api/v1/centers")
                .tag("status", "304")
                .timer()
                .count();
    }
}
