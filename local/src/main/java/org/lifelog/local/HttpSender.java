package org.lifelog.local;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.zip.GZIPOutputStream;

/** Sends batches with {@code POST /v1/centers/{center}/readings}, compressed. */
public final class HttpSender implements ReadingSender {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Set<Integer> RECEIPTS = Set.of(200, 207, 422);
    private static final Set<Integer> PASSING = Set.of(429, 502, 503, 504);

    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
    private final URI address;
    private final String authorization;

    /** Sends to one center with a vendor's account. */
    public HttpSender(String gateway, String center, ServiceCredentials.Account account) {
        address = URI.create(gateway + "/v1/centers/" + center + "/readings");
        String credential = account.username() + ":" + account.password();
        authorization = "Basic " + Base64.getEncoder().encodeToString(credential.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public Outcome send(List<Outgoing> batch) throws InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(address)
                .header("Authorization", authorization)
                .header("Content-Type", "application/json")
                .header("Content-Encoding", "gzip")
                .timeout(Duration.ofSeconds(30))
                .POST(HttpRequest.BodyPublishers.ofByteArray(body(batch)))
                .build();
        Patience patience = new Patience();
        while (true) {
            try {
                HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
                if (RECEIPTS.contains(response.statusCode())) {
                    return outcome(batch, JSON.readTree(response.body()));
                }
                if (!PASSING.contains(response.statusCode())) {
                    throw new UserException("The gateway refuses the readings: " + response.body());
                }
                patience.pause("The gateway answers " + response.statusCode(), retryAfter(response));
            } catch (IOException e) {
                patience.pause("The gateway at " + address.getAuthority() + " does not answer");
            }
        }
    }

    private static Duration retryAfter(HttpResponse<?> response) {
        return Duration.ofSeconds(response.headers()
                .firstValue("Retry-After")
                .filter(seconds -> seconds.matches("\\d{1,4}"))
                .map(Long::valueOf)
                .orElse(0L));
    }

    private static byte[] body(List<Outgoing> batch) {
        ObjectNode message = JSON.createObjectNode();
        ArrayNode readings = message.putArray("readings");
        batch.forEach(reading -> readings.add(reading.json()));
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream out = new GZIPOutputStream(bytes)) {
            JSON.writeValue(out, message);
        } catch (IOException e) {
            throw new IllegalStateException("writing to memory failed", e);
        }
        return bytes.toByteArray();
    }

    private static Outcome outcome(List<Outgoing> batch, JsonNode receipt) {
        List<Problem> problems = new ArrayList<>();
        for (JsonNode problem : receipt.path("problems")) {
            problems.add(new Problem(
                    batch.get(problem.path("index").asInt()),
                    problem.path("code").asText(),
                    problem.path("detail").asText()));
        }
        return new Outcome(receipt.path("accepted").asInt(), problems);
    }

    @Override
    public void close() {
        // Its connections end when they are idle.
    }
}
