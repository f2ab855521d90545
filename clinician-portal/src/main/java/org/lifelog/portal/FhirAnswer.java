package org.lifelog.portal;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.lifelog.contract.Catalogue;
import org.lifelog.contract.Center;

/** The answers in FHIR R4 beside the Observations themselves. */
final class FhirAnswer {
    static final String MEDIA_TYPE = "application/fhir+json";
    private static final String CODES = "urn:lifelog:problem";
    private static final Pattern PATH = Pattern.compile("/api/v1/centers/[^/]*/subjects/[^/]*/fhir(/.*)?");
    /** When what the statement says was changed last. */
    private static final String STATEMENT_DATE = "2026-11-30";

    private FhirAnswer() {}

    /** Whether a path is one of FHIR, where failures are told in FHIR too. */
    static boolean isAt(String path) {
        return path != null && PATH.matcher(path).matches();
    }

    /**
     * A page of a search.
     *
     * @param base address of the subject's FHIR, to which links lead
     * @param asked the parameters of the search
     * @param found by {@link FhirSearch#read}
     */
    static ObjectNode bundle(
            String base,
            Map<String, List<String>> asked,
            FhirSearch search,
            List<FhirObservation> found,
            Catalogue catalogue,
            Center center,
            String subject) {
        ObjectNode bundle = JsonNodeFactory.instance.objectNode();
        bundle.put("resourceType", "Bundle").put("type", "searchset");
        link(bundle, "self", base, asked, search.before());
        List<FhirObservation> page = found.subList(0, Math.min(found.size(), search.count()));
        if (found.size() > page.size()) {
            link(
                    bundle,
                    "next",
                    base,
                    asked,
                    Optional.of(page.get(page.size() - 1).key()));
        }
        for (FhirObservation observation : page) {
            ObjectNode entry = bundle.withArray("entry").addObject();
            entry.put("fullUrl", base + "/Observation/" + observation.key().id());
            entry.set("resource", observation.resource(catalogue, center, subject));
            entry.putObject("search").put("mode", "match");
        }
        return bundle;
    }

    private static void link(
            ObjectNode bundle,
            String relation,
            String base,
            Map<String, List<String>> asked,
            Optional<FhirObservation.Key> before) {
        String query = asked.entrySet().stream()
                .flatMap(parameter -> parameter.getValue().stream()
                        .map(value -> parameter.getKey() + "=" + URLEncoder.encode(value, StandardCharsets.UTF_8)))
                .collect(Collectors.joining("&"));
        String page = before.map(key -> "_page=" + key.id()).orElse("");
        String both = query.isEmpty() || page.isEmpty() ? query + page : query + "&" + page;
        bundle.withArray("link")
                .addObject()
                .put("relation", relation)
                .put("url", base + "/Observation" + (both.isEmpty() ? "" : "?" + both));
    }

    /** What can be asked for, at an address. */
    static ObjectNode capabilities(String base) {
        ObjectNode statement = JsonNodeFactory.instance.objectNode();
        statement
                .put("resourceType", "CapabilityStatement")
                .put("status", "active")
                .put("date", STATEMENT_DATE)
                .put("kind", "instance");
        statement.putObject("software").put("name", "Lifelog clinician portal");
        statement
                .putObject("implementation")
                .put("description", "The stored readings of one subject, read only")
                .put("url", base);
        statement.put("fhirVersion", "4.0.1").withArray("format").add("json").add(MEDIA_TYPE);
        ObjectNode rest = statement.withArray("rest").addObject().put("mode", "server");
        rest.putObject("security")
                .put("cors", false)
                .put("description", "A session of a clinician of the subject's center, as for the rest of the API.");
        ObjectNode observation = rest.withArray("resource").addObject().put("type", "Observation");
        observation.withArray("interaction").addObject().put("code", "read");
        observation.withArray("interaction").addObject().put("code", "search-type");
        parameter(
                observation,
                "code",
                "token",
                "LOINC code with or without its system, or the metric's code or name in the catalogue; several with"
                        + " commas.");
        parameter(
                observation,
                "date",
                "date",
                "With the prefixes eq, ge, gt, le, lt or none; more than one must all match. Of an interval its start"
                        + " is compared. Without an offset it is a time of the center's clock.");
        return statement;
    }

    private static void parameter(ObjectNode observation, String name, String type, String documentation) {
        observation
                .withArray("searchParam")
                .addObject()
                .put("name", name)
                .put("type", type)
                .put("documentation", documentation);
    }

    /** A failure as an OperationOutcome. */
    static ObjectNode outcome(Failure failure, String detail) {
        ObjectNode outcome = JsonNodeFactory.instance.objectNode().put("resourceType", "OperationOutcome");
        ObjectNode issue = outcome.withArray("issue").addObject();
        issue.put("severity", "error").put("code", type(failure));
        ObjectNode details = issue.putObject("details");
        details.withArray("coding").addObject().put("system", CODES).put("code", failure.code());
        details.put("text", failure.title());
        issue.put("diagnostics", detail);
        return outcome;
    }

    /** Code of FHIR's value set issue-type. */
    private static String type(Failure failure) {
        return switch (failure) {
            case MALFORMED -> "invalid";
            case UNAUTHENTICATED -> "login";
            case FORBIDDEN -> "forbidden";
            case NOT_FOUND -> "not-found";
            case METHOD_NOT_ALLOWED, UNSUPPORTED_MEDIA_TYPE -> "not-supported";
            case TOO_LARGE -> "too-costly";
            case TOO_MANY_ATTEMPTS -> "throttled";
            case INTERNAL -> "exception";
            case UNAVAILABLE -> "transient";
        };
    }
}
