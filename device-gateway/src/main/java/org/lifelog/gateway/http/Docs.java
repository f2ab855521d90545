package org.lifelog.gateway.http;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.Router;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Properties;

/** The description of all calls: OpenAPI 3.1 at {@code /openapi.json}, and a page that shows it at {@code /docs}. */
final class Docs {
    private static final String POM = "/META-INF/maven/org.webjars/swagger-ui/pom.properties";
    private static final List<String> SWAGGER_UI = List.of("swagger-ui.css", "swagger-ui-bundle.js");
    private static final Map<String, String> TYPES = Map.of(
            "html", "text/html; charset=utf-8",
            "js", "text/javascript; charset=utf-8",
            "css", "text/css; charset=utf-8",
            "json", Answers.JSON);
    /** The page's own scripts and calls only; Swagger UI sets styles and has its pictures within itself. */
    private static final String POLICY =
            "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'";

    private Docs() {}

    static void addTo(Router router) {
        serve(router, "/openapi.json", "docs/openapi.json");
        serve(router, "/docs", "docs/index.html");
        serve(router, "/docs/docs.js", "docs/docs.js");
        String folder = "/META-INF/resources/webjars/swagger-ui/" + version() + "/";
        SWAGGER_UI.forEach(file -> serve(router, "/docs/" + file, folder + file));
    }

    private static void serve(Router router, String path, String resource) {
        Buffer content = Buffer.buffer(bytes(resource));
        String type = TYPES.get(resource.substring(resource.lastIndexOf('.') + 1));
        router.get(path)
                .handler(context -> context.response()
                        .putHeader(HttpHeaders.CONTENT_TYPE, type)
                        .putHeader("Content-Security-Policy", POLICY)
                        .putHeader("X-Content-Type-Options", "nosniff")
                        .end(content));
    }

    private static byte[] bytes(String resource) {
        try (InputStream in = Docs.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException(resource + " is not in the class path");
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** From the WebJar itself, so that the version is in one place. */
    private static String version() {
        Properties properties = new Properties();
        try (InputStream in = Docs.class.getResourceAsStream(POM)) {
            if (in == null) {
                throw new IllegalStateException("Swagger UI's WebJar is not in the class path");
            }
            properties.load(in);
            return properties.getProperty("version");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
