package org.lifelog.gateway.format.fhir;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.lifelog.gateway.failure.Failure;
import org.lifelog.gateway.failure.Problem;
import org.lifelog.gateway.failure.Refusal;
import org.lifelog.gateway.format.ItemRefusal;
import org.lifelog.gateway.format.Items;
import org.lifelog.gateway.format.JsonBody;
import org.lifelog.gateway.format.ReadingFields;

/**
 * A body of FHIR taken apart into its entries, within bounds and before HAPI sees any of it, so that each entry can be
 * parsed by itself.
 *
 * @param kind what the body is
 * @param entries the entries, in their order; of a single resource it alone
 */
record FhirBody(Kind kind, List<Entry> entries) {
    /** What a body is. */
    enum Kind {
        RESOURCE,
        /** Bundles of the types batch and collection. */
        BATCH,
        TRANSACTION
    }

    /**
     * An entry.
     *
     * @param start its first byte in the body
     * @param end the byte after its last one
     * @param resourceStart first byte of its resource
     * @param resourceEnd the byte after the last one of its resource; 0 where there is none
     * @param type its resource's type, empty where it says none
     * @param fullUrl empty where there is none
     * @param fault why it is refused without a look into the resource
     */
    record Entry(
            int start,
            int end,
            int resourceStart,
            int resourceEnd,
            String type,
            String fullUrl,
            Optional<ItemRefusal> fault) {}

    private static final int MOST_DEPTH = 32;
    private static final int LONGEST_TEXT = 65_536;
    private static final int LONGEST_NUMBER = 64;
    private static final JsonBody JSON = new JsonBody(MOST_DEPTH, LONGEST_TEXT, LONGEST_NUMBER);

    private static final Set<String> BUNDLE_FIELDS =
            Set.of("id", "meta", "implicitRules", "language", "identifier", "timestamp", "total", "link", "signature");
    private static final Set<String> TAKEN_FIELDS = Set.of("fullUrl", "resource", "request");
    private static final Set<String> ENTRY_FIELDS = Set.of("id", "extension", "link", "search", "response", "_fullUrl");

    /**
     * Takes a body apart.
     *
     * @throws Refusal malformed, empty or too large, or no resource at all
     */
    static FhirBody of(byte[] body) {
        Root root = new Root();
        JSON.readOne(body, root::read);
        return root.toBody();
    }

    /** The fields of the outermost object, in whatever order they come. */
    private static final class Root {
        private int start;
        private int end;
        private String resourceType = "";
        private String type = "";
        private List<Entry> entries = List.of();
        private Optional<String> unknown = Optional.empty();
        private final Scalars scalars = new Scalars();

        void read(JsonParser parser) throws IOException {
            if (parser.currentToken() != JsonToken.START_OBJECT) {
                throw new Refusal(Failure.MALFORMED, "The body is an object: an Observation or a Bundle.");
            }
            start = JsonBody.start(parser);
            while (parser.nextToken() != JsonToken.END_OBJECT) {
                String name = parser.currentName();
                JsonToken token = parser.nextToken();
                if (name.equals("resourceType") && token == JsonToken.VALUE_STRING) {
                    resourceType = parser.getText();
                } else if (name.equals("type") && token == JsonToken.VALUE_STRING) {
                    type = parser.getText();
                } else if (name.equals("entry") && token == JsonToken.START_ARRAY) {
                    entries = readEntries(parser);
                } else {
                    if (!BUNDLE_FIELDS.contains(name)) {
                        unknown = Optional.of(name);
                    }
                    JsonBody.skip(parser, scalars);
                }
            }
            end = JsonBody.end(parser);
        }

        FhirBody toBody() {
            if (resourceType.isEmpty()) {
                throw new Refusal(Failure.MALFORMED, "The body is no resource of FHIR: it has no resourceType.");
            }
            if (!resourceType.equals("Bundle")) {
                return new FhirBody(
                        Kind.RESOURCE, List.of(new Entry(start, end, start, end, resourceType, "", scalars.fault())));
            }
            unknown.ifPresent(name -> {
                throw new Refusal(
                        Failure.MALFORMED,
                        ReadingFields.printable(name) + " is not part of a Bundle that the service takes.");
            });
            return switch (type) {
                case "batch", "collection" -> new FhirBody(Kind.BATCH, entries);
                case "transaction" -> new FhirBody(Kind.TRANSACTION, entries);
                default ->
                    throw new Refusal(Failure.MALFORMED, "The type of a Bundle is batch, collection or transaction.");
            };
        }

        private static List<Entry> readEntries(JsonParser parser) throws IOException {
            List<Entry> entries = new ArrayList<>();
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                if (entries.size() == Items.MOST) {
                    throw new Refusal(
                            Failure.TOO_LARGE, "There are more than " + Items.MOST + " entries. Send smaller Bundles.");
                }
                entries.add(new EntryFields().read(parser));
            }
            return entries;
        }
    }

    /** The fields of one entry. */
    private static final class EntryFields {
        private int resourceStart;
        private int resourceEnd;
        private String type = "";
        private String fullUrl = "";
        private String method = "POST";
        private ItemRefusal fault;
        private final Scalars scalars = new Scalars();

        Entry read(JsonParser parser) throws IOException {
            int start = JsonBody.start(parser);
            if (parser.currentToken() != JsonToken.START_OBJECT) {
                JsonBody.skip(parser, scalars);
                fault(new ItemRefusal(Problem.Code.NOT_AN_OBJECT, "An entry is an object."));
                return entry(start, JsonBody.end(parser));
            }
            while (parser.nextToken() != JsonToken.END_OBJECT) {
                String name = parser.currentName();
                JsonToken token = parser.nextToken();
                if (name.equals("fullUrl") && token == JsonToken.VALUE_STRING) {
                    fullUrl = parser.getText();
                } else if (name.equals("resource") && token == JsonToken.START_OBJECT) {
                    resourceStart = JsonBody.start(parser);
                    type = readText(parser, "resourceType");
                    resourceEnd = JsonBody.end(parser);
                } else if (name.equals("request") && token == JsonToken.START_OBJECT) {
                    method = readText(parser, "method");
                } else {
                    if (TAKEN_FIELDS.contains(name)) {
                        fault(new ItemRefusal(Problem.Code.WRONG_TYPE, "Field " + name + " is of another type."));
                    } else if (!ENTRY_FIELDS.contains(name)) {
                        fault(StrictErrors.unknown(name));
                    }
                    JsonBody.skip(parser, scalars);
                }
            }
            if (!method.equals("POST") && type.equals("Observation")) {
                fault(new ItemRefusal(
                        Problem.Code.UNSUPPORTED_RESOURCE, "An Observation is created: its request's method is POST."));
            }
            scalars.fault().ifPresent(this::fault);
            return entry(start, JsonBody.end(parser));
        }

        /** The text in one field of an object, empty where it is not there; goes to the end of the object. */
        private String readText(JsonParser parser, String wanted) throws IOException {
            String text = "";
            while (parser.nextToken() != JsonToken.END_OBJECT) {
                String name = parser.currentName();
                if (parser.nextToken() == JsonToken.VALUE_STRING && name.equals(wanted)) {
                    text = parser.getText();
                } else {
                    JsonBody.skip(parser, scalars);
                }
            }
            return text;
        }

        private void fault(ItemRefusal refusal) {
            fault = fault == null ? refusal : fault;
        }

        private Entry entry(int start, int end) {
            return new Entry(start, end, resourceStart, resourceEnd, type, fullUrl, Optional.ofNullable(fault));
        }
    }

    /** What HAPI does with some scalars is not what the sender means. */
    private static final class Scalars implements JsonBody.ScalarCheck {
        private static final int LONGEST_EXPONENT = 4;

        private ItemRefusal fault;

        @Override
        public void scalar(JsonParser parser) throws IOException {
            String text = parser.getText();
            String name = parser.currentName();
            if (parser.currentToken() != JsonToken.VALUE_STRING) {
                // HAPI would write 1e999999999 out in full.
                int exponent = Math.max(text.indexOf('e'), text.indexOf('E'));
                if (exponent >= 0 && text.length() - exponent - 1 > LONGEST_EXPONENT) {
                    fault = notANumber("A number is larger than a number of 64 bits can be.");
                }
            } else if ("value".equals(name)
                    && "valueQuantity"
                            .equals(parser.getParsingContext().getParent().getCurrentName())) {
                // HAPI would take it for a number.
                fault = notANumber("The value of a valueQuantity is a JSON number without quotes.");
            } else if ("div".equals(name) && text.contains("<!DOCTYPE")) {
                // Entities that expand into each other keep the XML parser busy for long.
                fault = new ItemRefusal(Problem.Code.INVALID_FIELD, "A narrative has no document type declaration.");
            }
        }

        Optional<ItemRefusal> fault() {
            return Optional.ofNullable(fault);
        }

        private static ItemRefusal notANumber(String detail) {
            return new ItemRefusal(Problem.Code.NOT_A_NUMBER, detail);
        }
    }
}
