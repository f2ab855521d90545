package org.lifelog.gateway.fuzz;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.lifelog.gateway.failure.Failure;
import org.lifelog.gateway.failure.Problem;

/** An answer over HTTP, and whether it is one that the gateway may give. */
record HttpAnswer(int status, Map<String, String> headers, String body) {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    /** What only somebody who reads the code would understand. */
    static final List<String> INTERNALS =
            List.of("java.", "javax.", "org.lifelog", "io.netty", "io.vertx", "Exception");

    private static final Set<String> CODES = codes();

    private static Set<String> codes() {
        Set<String> codes = new HashSet<>(List.of("accepted", "not-taken"));
        Arrays.stream(Failure.values()).map(Failure::code).forEach(codes::add);
        Arrays.stream(Problem.Code.values()).map(Problem.Code::text).forEach(codes::add);
        return codes;
    }

    /** The next answer; nothing at the end of the connection. Leaves out 100 Continue. */
    static Optional<HttpAnswer> read(InputStream in) throws IOException {
        String first = line(in);
        if (first.isEmpty()) {
            return Optional.empty();
        }
        if (!first.matches("HTTP/1\\.[01] \\d{3} .*")) {
            throw new IOException("no status line: " + first);
        }
        int status = Integer.parseInt(first.substring(9, 12));
        Map<String, String> headers = new HashMap<>();
        for (String header = line(in); !header.isEmpty(); header = line(in)) {
            int colon = header.indexOf(':');
            headers.put(
                    header.substring(0, colon).toLowerCase(Locale.ROOT),
                    header.substring(colon + 1).trim());
        }
        if (status == 100) {
            return read(in);
        }
        int length = Integer.parseInt(headers.getOrDefault("content-length", "0"));
        byte[] body = in.readNBytes(length);
        if (body.length < length) {
            throw new EOFException("in the body of " + first);
        }
        return Optional.of(new HttpAnswer(status, headers, new String(body, UTF_8)));
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next = in.read(); next >= 0 && next != '\n'; next = in.read()) {
            line.append((char) next);
        }
        return line.toString().strip();
    }

    /** What is wrong with it; nothing where it is as the interface says. */
    Optional<String> fault() {
        if (status >= 500) {
            return Optional.of("status " + status);
        }
        for (String word : INTERNALS) {
            if (body.contains(word)) {
                return Optional.of("names " + word);
            }
        }
        String type = headers.getOrDefault("content-type", "none");
        try {
            JsonNode json = MAPPER.readTree(body.getBytes(UTF_8));
            return switch (type) {
                case "application/problem+json" ->
                    fault(json.path("status").asInt() == status && known(json.path("code")), "problem");
                case "application/fhir+json" -> fault(fhir(json), "form of FHIR");
                case "application/json" -> fault(plain(json), "form");
                default -> Optional.of("content type " + type);
            };
        } catch (IOException e) {
            return Optional.of("no JSON");
        }
    }

    private static Optional<String> fault(boolean good, String what) {
        return good ? Optional.empty() : Optional.of(what);
    }

    private boolean fhir(JsonNode json) {
        return List.of("OperationOutcome", "Bundle")
                        .contains(json.path("resourceType").asText())
                && json.findValues("coding").stream()
                        .allMatch(coding -> known(coding.path(0).path("code")));
    }

    /** A receipt, a page, a device, or what Nightscout says. */
    private boolean plain(JsonNode json) {
        if (json.isArray()) {
            return status == 200 || status == 422 && known(json.path(0).path("refused"));
        }
        if (status >= 400 && json.has("message")) {
            return json.path("status").asInt() == status && known(json.path("message"));
        }
        for (JsonNode problem : json.path("problems")) {
            if (!known(problem.path("code")) || problem.path("detail").asText().isEmpty()) {
                return false;
            }
        }
        return status < 300 && json.size() > 0
                || status == 422 && json.path("accepted").asInt(-1) == 0;
    }

    private static boolean known(JsonNode code) {
        return code.isTextual() && CODES.contains(code.asText());
    }

    /** For messages of tests: bytes as text, with what cannot be printed escaped. */
    static String printable(byte[] bytes) {
        StringBuilder text = new StringBuilder();
        for (char c : new String(bytes, ISO_8859_1).toCharArray()) {
            text.append(c >= ' ' && c < 127 && c != '\\' ? String.valueOf(c) : String.format("\\x%02x", (int) c));
        }
        return text.toString();
    }
}
