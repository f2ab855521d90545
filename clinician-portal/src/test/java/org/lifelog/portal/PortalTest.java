package org.lifelog.portal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.lifelog.portal.RunningPortal.ISENS;
import static org.lifelog.portal.RunningPortal.PASSWORD;
import static org.lifelog.portal.RunningPortal.WONJU;

import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.lifelog.portal.RunningPortal.Answer;
import org.lifelog.runtime.Health;
import org.lifelog.runtime.PortInUseException;
import org.lifelog.runtime.Settings;

/** Login, sessions, walls between centers, problems and headers, over HTTP. */
class PortalTest {
    private static RunningPortal portal;

    @BeforeAll
    static void start() {
        portal = RunningPortal.start();
        long glucose = portal.rows.series("isens", "S-1", "glucose_cgm", "", "mg/dL");
        portal.rows.reading(
                glucose, portal.rows.device("isens", "cgm-1"), Instant.parse("2026-11-24T00:00:00Z"), 100, 0);
    }

    @AfterAll
    static void stop() {
        portal.close();
    }

    @Test
    void loginGivesTheSameSessionAsTokenAndAsCookie() {
        Answer login = portal.login(ISENS, PASSWORD);

        assertThat(login.status()).isEqualTo(200);
        String token = login.body().get("token").asText();
        assertThat(Instant.parse(login.body().get("expires").asText())).isAfter(Instant.now());
        assertThat(login.header("set-cookie"))
                .startsWith("lifelog_session=" + token + ";")
                .containsIgnoringCase("HttpOnly")
                .contains("SameSite=Strict", "Path=/api/v1", "Max-Age=28800")
                .doesNotContain("Secure");
        for (HttpRequest.Builder request : List.of(
                portal.request("/api/v1/me").header("Authorization", "Bearer " + token),
                portal.request("/api/v1/me").header("Cookie", "lifelog_session=" + token))) {
            Answer me = portal.send(request);
            assertThat(me.status()).isEqualTo(200);
            assertThat(me.body().get("username").asText()).isEqualTo(ISENS);
            assertThat(me.body().get("role").asText()).isEqualTo("clinician");
            assertThat(me.body().get("centers")).hasSize(1);
            assertThat(me.body().at("/centers/0/code").asText()).isEqualTo("isens");
            assertThat(me.body().at("/centers/0/zone").asText()).isEqualTo("Asia/Seoul");
        }
    }

    @Test
    void wrongPasswordAndUnknownUserAreAnsweredAlike() {
        Answer wrong = portal.login(WONJU, "wrong");
        Answer unknown = portal.login("nobody", "wrong");

        assertProblem(wrong, 401, "unauthenticated");
        assertThat(unknown.response().body()).isEqualTo(wrong.response().body());
        assertThat(wrong.header("set-cookie")).isEmpty();
    }

    @Test
    void usernameIsLockedAfterFiveFailures() {
        for (int i = 0; i < 5; i++) {
            assertProblem(portal.login("guessed", "wrong"), 401, "unauthenticated");
        }
        Answer locked = portal.login("guessed", "wrong");

        assertProblem(locked, 429, "too-many-attempts");
        assertThat(Integer.parseInt(locked.header("retry-after"))).isBetween(1, 900);
    }

    @Test
    void logoutEndsTheSession() {
        String token = portal.login(ISENS, PASSWORD).body().get("token").asText();
        Answer logout = portal.send(portal.request("/api/v1/logout")
                .header("Authorization", "Bearer " + token)
                .POST(HttpRequest.BodyPublishers.noBody()));

        assertThat(logout.status()).isEqualTo(204);
        assertThat(logout.header("set-cookie")).contains("Max-Age=0");
        assertProblem(
                portal.send(portal.request("/api/v1/me").header("Authorization", "Bearer " + token)),
                401,
                "unauthenticated");
    }

    @Test
    void logoutByCookieMustComeFromThePage() {
        String token = portal.login(ISENS, PASSWORD).body().get("token").asText();

        assertProblem(portal.send(logoutByCookie(token)), 403, "forbidden");
        assertProblem(
                portal.send(logoutByCookie(token).header("Origin", "http://elsewhere.example")), 403, "forbidden");
        assertThat(portal.send(portal.request("/api/v1/me").header("Cookie", "lifelog_session=" + token))
                        .status())
                .isEqualTo(200);
        assertThat(portal.send(logoutByCookie(token).header("Origin", "http://127.0.0.1:" + portal.port()))
                        .status())
                .isEqualTo(204);
        String next = portal.login(ISENS, PASSWORD).body().get("token").asText();
        assertThat(portal.send(logoutByCookie(next).header("X-Requested-With", "lifelog-page"))
                        .status())
                .isEqualTo(204);
    }

    private static HttpRequest.Builder logoutByCookie(String token) {
        return portal.request("/api/v1/logout")
                .header("Cookie", "lifelog_session=" + token)
                .POST(HttpRequest.BodyPublishers.noBody());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/me",
                "/centers",
                "/centers/isens/subjects",
                "/centers/isens/subjects/S-1",
                "/centers/isens/subjects/S-1/series?metric=glucose_cgm",
                "/centers/isens/subjects/S-1/glucose"
            })
    void everyCallNeedsASession(String path) {
        assertProblem(portal.send(portal.request("/api/v1" + path)), 401, "unauthenticated");
        assertProblem(
                portal.send(portal.request("/api/v1" + path).header("Authorization", "Bearer guessed")),
                401,
                "unauthenticated");
        assertThat(portal.get(ISENS, path).status()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/S-1", "/S-1/series?metric=glucose_cgm", "/S-1/glucose"})
    void anotherCentersClinicianFindsNothing(String path) {
        Answer walled = portal.get(WONJU, "/centers/isens/subjects" + path);

        assertProblem(walled, 404, "not-found");
        assertThat(portal.get(WONJU, "/centers/nowhere/subjects" + path)
                        .response()
                        .body())
                .isEqualTo(walled.response().body());
        if (!path.isEmpty()) {
            assertThat(portal.get(WONJU, "/centers/wonju-yonsei/subjects" + path)
                            .response()
                            .body())
                    .isEqualTo(walled.response().body());
        }
    }

    @Test
    void centersAreOnlyOnesOwn() {
        assertThat(portal.get(WONJU, "/centers").body().get("centers"))
                .hasSize(1)
                .allSatisfy(center -> assertThat(center.get("code").asText()).isEqualTo("wonju-yonsei"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/S-1/series|metric must be",
                "/S-1/series?metric=nonsense|metric must be",
                "/S-1/series?metric=glucose_cgm&resolution=5m|resolution must be one of: 1d, 1h, 1m, auto, raw",
                "/S-1/series?metric=glucose_cgm&from=2026-11-24T00:00:00|from must be an ISO 8601 time with an offset",
                "/S-1/series?metric=glucose_cgm&to=yesterday|to must be an ISO 8601 time",
                "/S-1/series?metric=glucose_cgm&from=0001-01-01T00:00:00Z|from must lie between",
                "/S-1/series?metric=glucose_cgm&from=2026-11-24T00:00:00Z&to=2026-11-23T00:00:00Z|from must be before to",
                "/S-1/series?metric=glucose_cgm&attributes=ear=left|attributes: Metric glucose_cgm has no attributes",
                "/S-1/series?metric=glucose_cgm&colour=red|not known",
                "/S-1/series?metric=glucose_cgm&metric=spo2|metric is given twice",
                "/S-1/glucose?metric=spo2|metric must be a glucose",
                "/S-1/glucose?unit=grains|unit must be one of: mg/dL, mmol/L",
                "/S-1/glucose?zone=Atlantis|zone must be a time zone",
                "?sort=age|sort must be one of: code, risk, staleness",
                "?page=0|page must be a whole number from 1",
                "?page=two|page must be a whole number from 1"
            })
    void badParametersAreNamed(String callAndDetail) {
        String[] parts = callAndDetail.split("\\|");
        Answer answer = portal.get(ISENS, "/centers/isens/subjects" + parts[0]);

        assertProblem(answer, 400, "malformed");
        assertThat(answer.body().get("detail").asText()).contains(parts[1]).doesNotContain("nonsense", "Atlantis");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "{",
                "null",
                "{\"username\": \"a\"}",
                "{\"username\": \"\", \"password\": \"x\"}",
                "{\"username\": 1, \"password\": \"x\", \"more\": 1}",
                "{\"username\":\"a\",\"password\":\"b\"}{}"
            })
    void loginBodyThatIsNone(String body) {
        assertProblem(
                portal.send(portal.request("/api/v1/login")
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(body))),
                400,
                "malformed");
    }

    @Test
    void loginIsSmallJson() {
        HttpRequest.BodyPublisher form = HttpRequest.BodyPublishers.ofString("username=a&password=b");
        HttpRequest.BodyPublisher large = HttpRequest.BodyPublishers.ofString("\"" + "x".repeat(5_000) + "\"");

        assertProblem(
                portal.send(portal.request("/api/v1/login")
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(form)),
                415,
                "unsupported-media-type");
        assertProblem(
                portal.send(portal.request("/api/v1/login")
                        .header("Content-Type", "application/json")
                        .POST(large)),
                413,
                "too-large");
    }

    @Test
    void pathsAndMethodsThatAreNotThere() {
        assertProblem(portal.send(portal.request("/api/v1/nothing")), 404, "not-found");
        assertProblem(portal.send(portal.request("/../pom.xml")), 404, "not-found");
        assertProblem(portal.send(portal.request("/api/v1/login")), 405, "method-not-allowed");
        assertProblem(portal.get(ISENS, "/centers/isens/subjects/%00"), 404, "not-found");
    }

    @Test
    void brokenEscapesAreMalformed() throws Exception {
        for (String path : List.of("/api/v1/centers/isens/subjects/%zz", "/api/v1/centers/isens/subjects?q=%", "/%1")) {
            // By hand: Java's own client refuses to send it.
            try (Socket socket = new Socket("127.0.0.1", portal.port())) {
                socket.getOutputStream()
                        .write(("GET " + path + " HTTP/1.1\r\nHost: portal\r\nConnection: close\r\n\r\n")
                                .getBytes(StandardCharsets.US_ASCII));
                assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                        .startsWith("HTTP/1.1 400 ")
                        .contains("\"code\":\"malformed\"");
            }
        }
    }

    @Test
    void everyAnswerHasTheSecurityHeaders() {
        for (Answer answer : List.of(
                portal.send(portal.request("/")),
                portal.send(portal.request("/api/v1/me")),
                portal.get(ISENS, "/me"),
                portal.send(portal.request("/nothing")))) {
            assertThat(answer.header("content-security-policy"))
                    .contains("default-src 'none'", "script-src 'self'", "style-src 'self'", "frame-ancestors 'none'")
                    .doesNotContain("unsafe");
            assertThat(answer.header("x-content-type-options")).isEqualTo("nosniff");
            assertThat(answer.header("referrer-policy")).isEqualTo("no-referrer");
        }
        assertThat(portal.get(ISENS, "/me").header("cache-control")).isEqualTo("no-store");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/centers",
                "/centers/isens/subjects/S-1",
                "/centers/isens/subjects/S-1/series?metric=glucose_cgm",
                "/centers/isens/subjects/S-1/glucose",
                "/centers/isens/subjects/S-1/quality?from=2026-11-01T00:00:00Z&to=2026-11-30T00:00:00Z",
                "/centers/isens/subjects/S-1/fhir/metadata",
                "/centers/isens/subjects/S-1/fhir/Observation"
            })
    void whatIsReadIsKeptByTheBrowserAndAskedForAgainByItsTag(String path) {
        long before = audited();
        Answer read = portal.get(ISENS, path);
        long rows = audited() - before;
        String tag = read.header("etag");
        Answer again = portal.get(ISENS, path, tag);

        assertThat(read.status()).isEqualTo(200);
        assertThat(read.header("cache-control")).isEqualTo("private, no-cache");
        assertThat(tag).matches("\"[0-9a-f]{32}\"");
        assertThat(again.status()).isEqualTo(304);
        assertThat(again.response().body()).isEmpty();
        assertThat(again.header("etag")).isEqualTo(tag);
        assertThat(again.header("cache-control")).isEqualTo("private, no-cache");
        assertThat(audited() - before)
                .as("that nothing changed is told of a subject too, so it is a read")
                .isEqualTo(2 * rows);
        assertThat(rows > 0).isEqualTo(path.contains("/subjects") && !path.endsWith("/metadata"));
        Answer other = portal.get(ISENS, path, "\"other\"");
        assertThat(other.status()).isEqualTo(200);
        assertThat(other.response().body()).isEqualTo(read.response().body());
        for (String held : List.of("\"other\", " + tag, "W/" + tag, "*")) {
            assertThat(portal.get(ISENS, path, held).status()).as(held).isEqualTo(304);
        }
    }

    @Test
    void worklistHasOneTagForAsLongAsItsSnapshotIsShown() {
        String path = "/centers/isens/subjects";

        // A snapshot so small is shown for a second, which may end between the two calls.
        await().untilAsserted(() -> {
            String tag = portal.get(ISENS, path).header("etag");
            long before = audited();
            assertThat(portal.get(ISENS, path, tag).status()).isEqualTo(304);
            assertThat(audited()).isGreaterThan(before);
        });
    }

    private static long audited() {
        return portal.rows.query("SELECT FROM audit").size();
    }

    @Test
    void aTagOpensNoDoor() {
        String path = "/centers/isens/subjects/S-1/glucose";
        String tag = portal.get(ISENS, path).header("etag");

        for (String held : List.of(tag, "*")) {
            Answer nobody = portal.send(portal.request("/api/v1" + path).header("If-None-Match", held));
            assertProblem(nobody, 401, "unauthenticated");
            assertProblem(portal.get(WONJU, path, held), 404, "not-found");
            assertProblem(portal.get(ISENS, path + "?unit=grains", held), 400, "malformed");
            assertThat(nobody.header("cache-control")).isEqualTo("no-store");
            assertThat(nobody.header("etag")).isEmpty();
        }
    }

    @Test
    void anotherReadingMakesAnotherTag() {
        String path = "/centers/isens/subjects/S-3/series?metric=spo2";
        long spo2 = portal.rows.series("isens", "S-3", "spo2", "", "%");
        int device = portal.rows.device("isens", "watch-1");
        portal.rows.reading(spo2, device, Instant.parse("2026-11-24T00:00:00Z"), 97, 0);
        String tag = portal.get(ISENS, path).header("etag");
        portal.rows.reading(spo2, device, Instant.parse("2026-11-24T00:01:00Z"), 96, 0);
        Answer changed = portal.get(ISENS, path, tag);

        assertThat(changed.status()).isEqualTo(200);
        assertThat(changed.header("etag")).isNotEqualTo(tag);
        assertThat(changed.body().get("points")).hasSize(2);
    }

    @Test
    void whatIsOfTheSessionIsNeverKept() {
        Answer login = portal.login(ISENS, PASSWORD);
        String bearer = "Bearer " + login.body().get("token").asText();
        Answer me = portal.send(
                portal.request("/api/v1/me").header("Authorization", bearer).header("If-None-Match", "*"));
        Answer logout = portal.send(portal.request("/api/v1/logout")
                .header("Authorization", bearer)
                .POST(HttpRequest.BodyPublishers.noBody()));

        assertThat(me.status()).isEqualTo(200);
        assertThat(List.of(login, me, logout)).allSatisfy(answer -> {
            assertThat(answer.header("cache-control")).isEqualTo("no-store");
            assertThat(answer.header("etag")).isEmpty();
        });
        assertThat(logout.header("clear-site-data")).isEqualTo("\"cache\"");
    }

    @Test
    void pageIsServedAndAskedForAgainByItsTag() {
        Answer page = portal.send(portal.request("/"));
        assertThat(page.status()).isEqualTo(200);
        assertThat(page.header("content-type")).isEqualTo("text/html; charset=utf-8");
        assertThat(page.response().body()).contains("/app.js");

        Answer again = portal.send(portal.request("/").header("If-None-Match", page.header("etag")));
        assertThat(again.status()).isEqualTo(304);

        Answer plot = portal.send(portal.request("/assets/uplot/uPlot.esm.js"));
        assertThat(plot.status()).isEqualTo(200);
        assertThat(plot.header("content-type")).startsWith("text/javascript");
        assertThat(portal.send(portal.request("/assets/uplot/uPlot.min.css")).status())
                .isEqualTo(200);
    }

    @Test
    void metricsHaveRoutesAndNoSubjects() {
        portal.get(ISENS, "/centers/isens/subjects/S-1/glucose");

        // The time is taken when the answer has been written, which may be after the client has read it.
        await().untilAsserted(() -> assertThat(portal.metrics
                        .get("lifelog.portal.request")
                        .tag("route", "/api/v1/centers/:center/subjects/:subject/glucose")
                        .tag("status", "200")
                        .timer()
                        .count())
                .isPositive());
        assertThat(portal.metrics.getMeters())
                .allSatisfy(
                        meter -> assertThat(meter.getId().getTags().toString()).doesNotContain("S-1"));
    }

    @Test
    void withoutTlsNobodyGoesUpToHttp2() {
        // Java's client asks to. Of answers that went up with it some never came.
        assertThat(portal.send(portal.request("/openapi.json")).response().version())
                .isEqualTo(HttpClient.Version.HTTP_1_1);
    }

    @Test
    void busyPortIsNamedWithItsSetting(@TempDir Path folder) throws Exception {
        Path accounts = Files.writeString(folder.resolve("accounts.json"), "{}");
        Settings settings = Settings.load(
                PortalSettings.ALL,
                List.of(),
                Map.of(
                        "LIFELOG_PORTAL_PORT", Integer.toString(portal.port()),
                        "LIFELOG_PORTAL_ACCOUNTS", accounts.toString()));

        assertThatThrownBy(() -> Portal.start(settings, portal.metrics, new Health(), Clock.systemUTC()))
                .isInstanceOf(PortInUseException.class)
                .hasMessageContaining(Integer.toString(portal.port()))
                .hasMessageContaining("portal.port (LIFELOG_PORTAL_PORT)");
    }

    static void assertProblem(Answer answer, int status, String code) {
        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.header("content-type")).isEqualTo("application/problem+json");
        assertThat(answer.body().get("status").asInt()).isEqualTo(status);
        assertThat(answer.code()).isEqualTo(code);
        assertThat(answer.body().get("type").asText()).isEqualTo("urn:lifelog:problem:" + code);
        assertThat(answer.body().get("title").asText()).isNotEmpty();
        assertThat(answer.body().get("detail").asText()).isNotEmpty();
    }
}
