package org.lifelog.portal;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Properties;

/**
 * The web page, and beside it the description of the API, OpenAPI 3.1 at {@code /openapi.json}, with a page that shows it
 * at {@code /docs}: a few files from the class path, read once and kept in memory.
 */
final class Page {
    /** All files of the page; a path that is not made of these is not found. */
    static final List<String> FILES = List.of(
            "index.html",
            "agp.js",
            "app.js",
            "api.js",
            "bars.js",
            "dayView.js",
            "dom.js",
            "figures.js",
            "glucose.css",
            "glucoseView.js",
            "login.js",
            "messages.js",
            "modalDay.js",
            "panel.js",
            "patient.js",
            "quality.js",
            "risk.js",
            "print.js",
            "style.css",
            "thumbnails.js",
            "time.js",
            "traces.js",
            "trend.js",
            "worklist.js",
            "airView.js",
            "audiogramView.js",
            "bodyView.js",
            "groupView.js",
            "heartView.js",
            "overviewView.js",
            "periodView.js",
            "pressureView.js",
            "sleepView.js",
            "strips.js",
            "tables.js",
            "units.js",
            "views.css",
            "views.js",
            "icon.svg");

    private static final List<String> UPLOT_FILES = List.of("uPlot.esm.js", "uPlot.min.css");
    private static final Map<String, String> TYPES = Map.of(
            "html", "text/html; charset=utf-8",
            "js", "text/javascript; charset=utf-8",
            "css", "text/css; charset=utf-8",
            "svg", "image/svg+xml",
            "json", "application/json");

    private record Asset(String type, Buffer content, EntityTag tag) {}

    void mount(Router router) {
        FILES.forEach(file -> serve(router, "/" + file, asset("page/" + file)));
        serve(router, "/", asset("page/index.html"));
        serve(router, "/openapi.json", asset("docs/openapi.json"));
        serve(router, "/docs", asset("docs/index.html"));
        List.of("docs.css", "docs.js").forEach(file -> serve(router, "/docs/" + file, asset("docs/" + file)));
        String uplot = "/META-INF/resources/webjars/uplot/" + uplotVersion() + "/dist/";
        UPLOT_FILES.forEach(file -> serve(router, "/assets/uplot/" + file, asset(uplot + file)));
    }

    private static void serve(Router router, String path, Asset asset) {
        router.route(path).method(HttpMethod.GET).method(HttpMethod.HEAD).handler(call -> {
            call.put(RequestMetrics.ROUTE, path);
            send(call, asset);
        });
    }

    private static void send(RoutingContext call, Asset asset) {
        HttpServerResponse response = call.response();
        // Asked for each time, and answered with 304 unless the portal was updated.
        response.putHeader(HttpHeaders.CACHE_CONTROL, "no-cache")
                .putHeader(HttpHeaders.ETAG, asset.tag().text());
        if (asset.tag().isHeldBy(call.request())) {
            response.setStatusCode(304).end();
            return;
        }
        response.putHeader(HttpHeaders.CONTENT_TYPE, asset.type());
        if (call.request().method() == HttpMethod.HEAD) {
            response.putHeader(
                            HttpHeaders.CONTENT_LENGTH,
                            Integer.toString(asset.content().length()))
                    .end();
        } else {
            response.end(asset.content());
        }
    }

    private static Asset asset(String resource) {
        byte[] content = bytes(resource);
        return new Asset(
                TYPES.get(resource.substring(resource.lastIndexOf('.') + 1)),
                Buffer.buffer(content),
                EntityTag.of(content));
    }

    private static byte[] bytes(String resource) {
        try (InputStream in = Page.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException(resource + " is not in the class path");
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** From the WebJar itself, so that the version is in one place. */
    private static String uplotVersion() {
        Properties properties = new Properties();
        try (InputStream in = Page.class.getResourceAsStream("/META-INF/maven/org.webjars.npm/uplot/pom.properties")) {
            if (in == null) {
                throw new IllegalStateException("uPlot's WebJar is not in the class path");
            }
            properties.load(in);
            return properties.getProperty("version");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
