package org.lifelog.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import org.apache.avro.Schema;
import org.apache.avro.SchemaParseException;

/**
 * Client for the REST API of Confluent's schema registry. Ids and schemas are immutable in a registry and so cached for
 * good; answers that can change are not cached. Safe for use by several threads.
 *
 * <p>Every call throws {@link SchemaRegistryException} where the registry refuses, or where no address answers after
 * all repetitions.
 */
public final class SchemaRegistryClient {
    private static final String CONTENT_TYPE = "application/vnd.schemaregistry.v1+json";
    private static final int NOT_FOUND = 404;
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final long BACKOFF_MILLIS = 200;
    private static final long LONGEST_BACKOFF_MILLIS = 5_000;
    private static final ObjectMapper JSON = new ObjectMapper();

    private record Address(String base, Optional<String> authorization) {}

    private record SubjectSchema(String subject, Schema schema) {}

    private final List<Address> addresses;
    private final int maxRetries;
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(3))
            .build();
    private final Map<Integer, Schema> schemas = new ConcurrentHashMap<>();
    private final Map<SubjectSchema, Integer> ids = new ConcurrentHashMap<>();
    /** The address that answered last, so that a dead one is not tried first each time. */
    private volatile int preferred;

    /** Uses the addresses and credentials of the settings; connects with the first call. */
    public SchemaRegistryClient(SchemaRegistryConfig config) {
        this.addresses = config.urls().stream()
                .map(url -> address(url, config.userInfo()))
                .toList();
        this.maxRetries = config.getInt(SchemaRegistryConfig.MAX_RETRIES);
    }

    /** Uses one address, or several separated by commas. */
    public SchemaRegistryClient(String urls) {
        this(new SchemaRegistryConfig(Map.of(SchemaRegistryConfig.URL, urls)));
    }

    private static Address address(String url, String userInfo) {
        URI uri = URI.create(url.trim());
        if (uri.getHost() == null || uri.getScheme() == null || !uri.getScheme().matches("https?")) {
            throw new IllegalArgumentException(
                    SchemaRegistryConfig.URL + ": '" + uri.getScheme() + "://...' is not an http or https address");
        }
        String credential = uri.getUserInfo() != null ? uri.getUserInfo() : userInfo;
        String base = uri.getScheme() + "://" + uri.getHost() + (uri.getPort() < 0 ? "" : ":" + uri.getPort())
                + (uri.getPath() == null ? "" : uri.getPath().replaceAll("/+$", ""));
        return new Address(
                base,
                Optional.of(credential)
                        .filter(c -> !c.isEmpty())
                        .map(c -> "Basic " + Base64.getEncoder().encodeToString(c.getBytes(StandardCharsets.UTF_8))));
    }

    /** Registers a schema under a subject, where it is not there yet, and returns its id. */
    public int register(String subject, Schema schema) {
        return ids.computeIfAbsent(
                new SubjectSchema(subject, schema),
                key -> remember(
                        schema,
                        call("POST", versions(subject), schemaBody(schema))
                                .path("id")
                                .asInt()));
    }

    /** The id of a schema under a subject; nothing where the subject does not have it. */
    public Optional<Integer> lookUp(String subject, Schema schema) {
        SubjectSchema key = new SubjectSchema(subject, schema);
        Integer known = ids.get(key);
        if (known != null) {
            return Optional.of(known);
        }
        Optional<Integer> found = find("POST", "/subjects/" + encode(subject), schemaBody(schema))
                .map(answer -> remember(schema, answer.path("id").asInt()));
        found.ifPresent(id -> ids.put(key, id));
        return found;
    }

    /** The schema with an id. */
    public Schema schema(int id) {
        return schemas.computeIfAbsent(
                id,
                key -> parse(
                        call("GET", "/schemas/ids/" + id, null).path("schema").asText(), "id " + id));
    }

    /** The latest schema of a subject; nothing where there is no such subject. */
    public Optional<Schema> latest(String subject) {
        return find("GET", versions(subject) + "/latest", null).map(answer -> {
            Schema schema = parse(answer.path("schema").asText(), "subject " + subject);
            ids.put(
                    new SubjectSchema(subject, schema),
                    remember(schema, answer.path("id").asInt()));
            return schema;
        });
    }

    /** The numbers of all versions of a subject, ascending; empty where there is no such subject. */
    public List<Integer> versionsOf(String subject) {
        return find("GET", versions(subject), null)
                .map(answer -> JSON.convertValue(answer, Integer[].class))
                .map(List::of)
                .orElse(List.of());
    }

    /** The compatibility that is set for a subject itself; nothing where the registry's own holds. */
    public Optional<String> compatibility(String subject) {
        return find("GET", "/config/" + encode(subject), null)
                .map(answer -> answer.path("compatibilityLevel").asText());
    }

    /** Sets the compatibility of a subject, such as {@code BACKWARD_TRANSITIVE}. */
    public void setCompatibility(String subject, String level) {
        ObjectNode body = JSON.createObjectNode().put("compatibility", level);
        call("PUT", "/config/" + encode(subject), body.toString());
    }

    private int remember(Schema schema, int id) {
        schemas.putIfAbsent(id, schema);
        return id;
    }

    private static String versions(String subject) {
        return "/subjects/" + encode(subject) + "/versions";
    }

    private static String schemaBody(Schema schema) {
        return JSON.createObjectNode().put("schema", schema.toString()).toString();
    }

    private static Schema parse(String text, String what) {
        try {
            return new Schema.Parser().parse(text);
        } catch (SchemaParseException e) {
            throw new SchemaRegistryException("The schema with " + what + " is not an Avro schema", e);
        }
    }

    private Optional<JsonNode> find(String method, String path, String body) {
        try {
            return Optional.of(call(method, path, body));
        } catch (SchemaRegistryException e) {
            if (e.status() == NOT_FOUND) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private JsonNode call(String method, String path, String body) {
        SchemaRegistryException last = null;
        for (int attempt = 0; attempt <= maxRetries; attempt++) {
            if (attempt > 0) {
                pause(attempt);
            }
            for (int i = 0; i < addresses.size(); i++) {
                int index = (preferred + i) % addresses.size();
                try {
                    JsonNode answer = callOnce(addresses.get(index), method, path, body);
                    preferred = index;
                    return answer;
                } catch (SchemaRegistryException e) {
                    if (!e.passing()) {
                        throw e;
                    }
                    last = e;
                }
            }
        }
        throw last;
    }

    private JsonNode callOnce(Address address, String method, String path, String body) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(address.base() + path))
                .timeout(TIMEOUT)
                .header("Accept", CONTENT_TYPE)
                .header("Content-Type", CONTENT_TYPE)
                .method(
                        method,
                        body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body));
        address.authorization().ifPresent(value -> request.header("Authorization", value));
        String what = method + " " + address.base() + path;
        try {
            HttpResponse<String> response = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
            if (response.statusCode() / 100 != 2) {
                throw refusal(what, response);
            }
            return JSON.readTree(response.body());
        } catch (IOException e) {
            throw new SchemaRegistryException(
                    "The schema registry does not answer: " + what + " ("
                            + e.getClass().getSimpleName() + "). Check " + SchemaRegistryConfig.URL
                            + " and that it runs.",
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SchemaRegistryException("interrupted: " + what, e);
        }
    }

    private static SchemaRegistryException refusal(String what, HttpResponse<String> response) {
        int errorCode = 0;
        String message = "";
        try {
            JsonNode error = JSON.readTree(response.body());
            errorCode = error.path("error_code").asInt();
            message = error.path("message").asText();
        } catch (IOException e) {
            // An error page of a proxy is no JSON; the status says enough.
        }
        String hint = switch (response.statusCode()) {
            case 401, 403 -> ". Check " + SchemaRegistryConfig.USER_INFO + ".";
            case 409 -> ". The schema is not compatible with the versions before it.";
            default -> "";
        };
        return new SchemaRegistryException(
                "The schema registry answered " + response.statusCode() + " to " + what
                        + (message.isEmpty() ? "" : ": " + message) + hint,
                response.statusCode(),
                errorCode);
    }

    private static void pause(int attempt) {
        long longest = Math.min(LONGEST_BACKOFF_MILLIS, BACKOFF_MILLIS << Math.min(attempt - 1, 10));
        try {
            Thread.sleep(ThreadLocalRandom.current().nextLong(longest / 2, longest + 1));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SchemaRegistryException("interrupted while waiting for the schema registry", e);
        }
    }

    private static String encode(String subject) {
        return URLEncoder.encode(subject, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
