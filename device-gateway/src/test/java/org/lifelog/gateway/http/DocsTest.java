package org.lifelog.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.lifelog.gateway.RunningGateway;
import org.lifelog.gateway.failure.Failure;
import org.lifelog.gateway.failure.Problem;

/** The description is written by hand; this holds it against the code. */
class DocsTest {
    private static RunningGateway gateway;
    private static JsonObject openApi;

    @BeforeAll
    static void start() {
        gateway = RunningGateway.start();
        HttpResponse<String> answer = gateway.send(gateway.request("/openapi.json"));
        assertThat(answer.headers().firstValue("content-type")).contains("application/json");
        openApi = new JsonObject(answer.body());
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    @Test
    void everyCallIsDescribedAndNoOther() {
        io.vertx.core.Vertx vertx = io.vertx.core.Vertx.vertx();
        Router router = Router.router(vertx);
        VendorCheck nobody = new VendorCheck(null, null);
        new HttpCalls(
                        nobody,
                        new ReadingCalls(null, null, null),
                        new FormatCalls(null, null, null, null, null),
                        new DeviceCalls(null, null, null),
                        new RejectionCalls(null))
                .addTo(router);
        List<String> routes = new ArrayList<>();
        for (Route route : router.getRoutes()) {
            String path = route.getPath().replaceAll(":(\\w+)", "{$1}");
            route.methods().forEach(method -> routes.add(method.name() + " " + path));
        }
        vertx.close();

        List<String> described = new ArrayList<>();
        for (Map.Entry<String, Object> path : openApi.getJsonObject("paths")) {
            for (String method : ((JsonObject) path.getValue()).fieldNames()) {
                if (!method.equals("parameters")) {
                    described.add(method.toUpperCase(java.util.Locale.ROOT) + " " + path.getKey());
                }
            }
        }
        assertThat(described).containsExactlyInAnyOrderElementsOf(routes);
    }

    @Test
    void everyCodeIsDescribedAndNoOther() {
        JsonObject schemas = openApi.getJsonObject("components").getJsonObject("schemas");
        assertThat(schemas.getJsonObject("Failure").getJsonArray("enum").stream())
                .containsExactlyInAnyOrderElementsOf(
                        Arrays.stream(Failure.values()).map(Failure::code).toList());
        assertThat(schemas.getJsonObject("ProblemCode").getJsonArray("enum").stream())
                .containsExactlyInAnyOrderElementsOf(Arrays.stream(Problem.Code.values())
                        .map(Problem.Code::text)
                        .toList());
    }

    @Test
    void everyCallForVendorsNeedsACredential() {
        for (Map.Entry<String, Object> path : openApi.getJsonObject("paths")) {
            if (!path.getKey().startsWith("/v1/")) {
                continue;
            }
            String address = path.getKey()
                    .replace("{center}", "isens")
                    .replace("{device}", "meter-1")
                    .replace("{subject}", "S-1");
            for (String method : ((JsonObject) path.getValue()).fieldNames()) {
                if (!method.equals("parameters")) {
                    HttpResponse<String> answer = gateway.send(gateway.request(address)
                            .method(method.toUpperCase(java.util.Locale.ROOT), BodyPublishers.ofString("{}")));
                    assertThat(answer.statusCode()).as(method + " " + address).isEqualTo(401);
                    HttpResponse<String> another = gateway.send(gateway.request(address)
                            .header(
                                    "Authorization",
                                    RunningGateway.basic(RunningGateway.KWEATHER, RunningGateway.PASSWORD))
                            .method(method.toUpperCase(java.util.Locale.ROOT), BodyPublishers.ofString("{}")));
                    assertThat(another.statusCode()).as(method + " " + address).isEqualTo(403);
                }
            }
        }
    }

    @Test
    void referencesLeadSomewhere() {
        JsonObject components = openApi.getJsonObject("components");
        java.util.regex.Matcher references = java.util.regex.Pattern.compile(
                        "\"\\$ref\":\"#/components/(\\w+)/(\\w+)\"")
                .matcher(openApi.encode());
        int count = 0;
        while (references.find()) {
            assertThat(components.getJsonObject(references.group(1)).containsKey(references.group(2)))
                    .as(references.group())
                    .isTrue();
            count++;
        }
        assertThat(count).isPositive();
    }

    @Test
    void thePageHasNoScriptWithinItself() {
        HttpResponse<String> page = gateway.send(gateway.request("/docs"));
        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.headers().firstValue("content-security-policy").orElseThrow())
                .contains("default-src 'self'");
        assertThat(page.body()).doesNotContain("<script>").contains("/docs/swagger-ui-bundle.js");
        for (String part : List.of("/docs/swagger-ui-bundle.js", "/docs/swagger-ui.css", "/docs/docs.js")) {
            assertThat(gateway.send(gateway.request(part)).statusCode())
                    .as(part)
                    .isEqualTo(200);
        }
    }
}
