package org.lifelog.gateway.format.fhir;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Optional;
import org.lifelog.gateway.failure.Failure;
import org.lifelog.gateway.failure.Problem;
import org.lifelog.gateway.failure.Refusal;
import org.lifelog.gateway.format.Answer;
import org.lifelog.gateway.format.Items;

/**
 * Answers in FHIR: a batch-response or transaction-response with an entry for each entry, or an OperationOutcome. The
 * status is 200 where something was taken and 422 where nothing was. Written without HAPI, which would take longer for it
 * than for reading.
 */
public final class FhirAnswer {
    /** System of the codes in {@code issue.details}: those of {@link Problem} and {@link Failure}. */
    public static final String CODES = "urn:lifelog:problem";

    private static final int OK = 200;
    private static final int UNPROCESSABLE = 422;

    private FhirAnswer() {}

    /** The answer where the request as a whole is refused: an OperationOutcome. */
    public static Answer of(Refusal refusal) {
        Failure failure = refusal.failure();
        JsonObject issue = issue("error", type(failure), failure.code(), refusal.getMessage());
        return new Answer(
                failure.status(),
                FhirFormat.TYPE,
                outcome(new JsonArray().add(issue)).encode());
    }

    static Answer of(FhirDecoded decoded) {
        boolean taken = !decoded.decoded().readings().isEmpty();
        JsonObject body = switch (decoded.kind()) {
            case RESOURCE -> outcome(resource(decoded));
            case BATCH -> bundle("batch-response", decoded);
            case TRANSACTION -> taken ? bundle("transaction-response", decoded) : outcome(allIssues(decoded));
        };
        return new Answer(taken ? OK : UNPROCESSABLE, FhirFormat.TYPE, body.encode());
    }

    private static JsonArray resource(FhirDecoded decoded) {
        JsonArray issues = new JsonArray();
        int readings = decoded.decoded().readings().size();
        if (readings > 0) {
            issues.add(issue("information", "informational", "accepted", "Readings accepted: " + readings + "."));
        }
        return issues.addAll(issues(decoded, 0, Optional.empty()));
    }

    private static JsonObject bundle(String type, FhirDecoded decoded) {
        JsonArray entries = new JsonArray();
        for (int i = 0; i < decoded.outcomes().size(); i++) {
            JsonObject response =
                    new JsonObject().put("status", status(decoded.outcomes().get(i)));
            JsonArray issues = issues(decoded, i, Optional.empty());
            if (!issues.isEmpty()) {
                response.put("outcome", outcome(issues));
            }
            entries.add(new JsonObject().put("response", response));
        }
        return new JsonObject().put("resourceType", "Bundle").put("type", type).put("entry", entries);
    }

    private static String status(Items.Outcome outcome) {
        if (outcome instanceof Items.Taken taken) {
            return taken.readings().isEmpty() ? "200 OK" : "201 Created";
        }
        return "422 Unprocessable Entity";
    }

    private static JsonArray allIssues(FhirDecoded decoded) {
        JsonArray issues = new JsonArray();
        for (int i = 0; i < decoded.outcomes().size(); i++) {
            issues.addAll(issues(decoded, i, Optional.of("Bundle.entry[" + i + "]")));
        }
        return issues;
    }

    private static JsonArray issues(FhirDecoded decoded, int entry, Optional<String> expression) {
        JsonArray issues = new JsonArray();
        if (decoded.outcomes().get(entry) instanceof Items.Refused refused) {
            Problem problem = refused.problem();
            JsonObject issue =
                    issue("error", type(problem.code()), problem.code().text(), problem.detail());
            expression.ifPresent(path -> issue.put("expression", new JsonArray(List.of(path))));
            return issues.add(issue);
        }
        decoded.notes()
                .get(entry)
                .forEach(note -> issues.add(issue("information", "informational", "not-taken", note)));
        return issues;
    }

    private static JsonObject outcome(JsonArray issues) {
        return new JsonObject().put("resourceType", "OperationOutcome").put("issue", issues);
    }

    private static JsonObject issue(String severity, String type, String code, String detail) {
        JsonObject coding = new JsonObject().put("system", CODES).put("code", code);
        return new JsonObject()
                .put("severity", severity)
                .put("code", type)
                .put(
                        "details",
                        new JsonObject()
                                .put("coding", new JsonArray().add(coding))
                                .put("text", code))
                .put("diagnostics", detail);
    }

    /** Code of FHIR's value set issue-type. */
    private static String type(Problem.Code code) {
        return switch (code) {
            case MISSING_FIELD -> "required";
            case UNKNOWN_FIELD, NOT_AN_OBJECT, WRONG_TYPE -> "structure";
            case UNSUPPORTED_CODE, UNSUPPORTED_RESOURCE, UNSUPPORTED_SCHEMA, UNSUPPORTED_VALUE -> "not-supported";
            case DATA_ABSENT, NOT_A_SAMPLE, ERROR_CODE, CONTROL_SOLUTION, INVALID_STATUS, TRANSACTION_REFUSED ->
                "business-rule";
            default -> "value";
        };
    }

    private static String type(Failure failure) {
        return switch (failure) {
            case MALFORMED -> "structure";
            case EMPTY_BATCH -> "required";
            case UNAUTHENTICATED -> "login";
            case FORBIDDEN -> "forbidden";
            case NOT_FOUND -> "not-found";
            case METHOD_NOT_ALLOWED, UNSUPPORTED_MEDIA_TYPE -> "not-supported";
            case TOO_LARGE -> "too-costly";
            case ALL_REFUSED -> "business-rule";
            case QUOTA_EXCEEDED -> "throttled";
            case CONFLICT -> "conflict";
            case UNAVAILABLE -> "transient";
        };
    }
}
