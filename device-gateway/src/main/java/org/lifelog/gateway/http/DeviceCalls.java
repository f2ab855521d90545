package org.lifelog.gateway.http;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.lifelog.avro.Assignment;
import org.lifelog.avro.Device;
import org.lifelog.contract.AssignmentException;
import org.lifelog.contract.Assignments;
import org.lifelog.contract.Attributes;
import org.lifelog.contract.Catalogue;
import org.lifelog.contract.DeviceKey;
import org.lifelog.gateway.accept.Memory;
import org.lifelog.gateway.access.Sender;
import org.lifelog.gateway.device.DeviceRegistry;
import org.lifelog.gateway.failure.Failure;
import org.lifelog.gateway.failure.Refusal;
import org.lifelog.gateway.format.Codes;

/** The device registry: {@code /v1/centers/{center}/devices/{device}} and its assignments. */
public final class DeviceCalls {
    private static final String PATH = "/v1/centers/:center/devices/:device";
    private static final int LONGEST_TEXT = 100;
    /** Times are kept as microseconds, which end some hundred thousand years from now. */
    private static final int FIRST_YEAR = 1900;

    private static final int LAST_YEAR = 9999;
    private static final int HIGHEST_PRIORITY = 100;
    private static final int OK = 200;
    private static final int CREATED = 201;

    private final DeviceRegistry devices;
    private final Memory memory;
    private final Catalogue catalogue;

    public DeviceCalls(DeviceRegistry devices, Memory memory, Catalogue catalogue) {
        this.devices = devices;
        this.memory = memory;
        this.catalogue = catalogue;
    }

    void addTo(Router router, VendorCheck vendorCheck) {
        router.get(PATH).handler(vendorCheck).handler(this::get);
        router.put(PATH).handler(vendorCheck).handler(this::put);
        router.post(PATH + "/assignments").handler(vendorCheck).handler(this::assign);
    }

    private void get(RoutingContext context) {
        context.request().resume();
        Device device = devices.device(key(context)).orElseThrow(DeviceCalls::unknown);
        Answers.json(context, OK, json(device));
    }

    private void put(RoutingContext context) {
        DeviceKey key = key(context);
        Upload.whole(context, memory)
                .map(body -> object(body, Set.of("manufacturer", "model", "counters", "priority")))
                .compose(json -> {
                    String manufacturer = text(json, "manufacturer");
                    String model = text(json, "model");
                    Map<String, String> counters = counters(json);
                    int priority = priority(json);
                    int status = devices.device(key).isPresent() ? OK : CREATED;
                    return devices.change(
                                    key,
                                    device -> Device.newBuilder(device)
                                            .setManufacturer(manufacturer)
                                            .setModel(model)
                                            .setCounters(counters)
                                            .setPriority(priority)
                                            .build())
                            .onSuccess(device -> Answers.json(context, status, json(device)));
                })
                .onFailure(context::fail);
    }

    private void assign(RoutingContext context) {
        DeviceKey key = key(context);
        Upload.whole(context, memory)
                .map(body -> assignment(object(body, Set.of("subject", "from", "to"))))
                .compose(assignment -> devices.change(key, device -> with(device, assignment)))
                .onSuccess(device -> Answers.json(context, CREATED, json(device)))
                .onFailure(context::fail);
    }

    private static Device with(Device device, Assignment assignment) {
        if (device.getUpdatedAt().equals(Instant.EPOCH)) {
            throw unknown();
        }
        try {
            return Assignments.add(device, assignment);
        } catch (AssignmentException e) {
            throw new Refusal(e.overlap() ? Failure.CONFLICT : Failure.MALFORMED, e.getMessage(), e);
        }
    }

    private static Refusal unknown() {
        return new Refusal(Failure.NOT_FOUND, "There is no such device. Register it with PUT first.");
    }

    private static DeviceKey key(RoutingContext context) {
        String device = context.pathParam("device");
        if (!Codes.valid(device)) {
            throw new Refusal(Failure.MALFORMED, "The device in the path is " + Codes.RULE + ".");
        }
        Sender sender = context.get(VendorCheck.SENDER);
        return new DeviceKey(sender.center(), device);
    }

    private static JsonObject object(byte[] body, Set<String> fields) {
        JsonObject json;
        try {
            json = new JsonObject(Buffer.buffer(body));
        } catch (DecodeException e) {
            throw new Refusal(Failure.MALFORMED, "The body is not a JSON object.", e);
        }
        if (!fields.containsAll(json.fieldNames())) {
            throw new Refusal(Failure.MALFORMED, "The body has the fields " + fields + " and no others.");
        }
        return json;
    }

    private static String text(JsonObject json, String name) {
        Object value = json.getValue(name);
        if (value == null) {
            return null;
        }
        if (value instanceof String text && !text.isBlank() && text.length() <= LONGEST_TEXT) {
            return text;
        }
        throw new Refusal(Failure.MALFORMED, "Field " + name + " is a text of 1 to " + LONGEST_TEXT + " characters.");
    }

    /** The metrics of which the device sends running counts, each with the kind of count. */
    private Map<String, String> counters(JsonObject json) {
        Object value = json.getValue("counters");
        if (value == null) {
            return Map.of();
        }
        if (!(value instanceof JsonObject object)) {
            throw new Refusal(
                    Failure.MALFORMED, "Field counters is an object of metrics, such as {\"steps\": \"total\"}.");
        }
        Map<String, String> counters = new TreeMap<>();
        for (String metric : object.fieldNames()) {
            List<String> kinds = catalogue
                    .metric(metric)
                    .map(known -> known.attributes().get(Attributes.COUNTER))
                    .orElseThrow(() -> new Refusal(
                            Failure.MALFORMED,
                            "Field counters names a metric that is not in the catalogue, or has no running counts."));
            if (!(object.getValue(metric) instanceof String kind) || !kinds.contains(kind)) {
                throw new Refusal(Failure.MALFORMED, "Field counters." + metric + " is one of " + kinds + ".");
            }
            counters.put(metric, kind);
        }
        return counters;
    }

    private static int priority(JsonObject json) {
        Object value = json.getValue("priority");
        if (value == null) {
            return 0;
        }
        if (value instanceof Integer priority && priority >= 0 && priority <= HIGHEST_PRIORITY) {
            return priority;
        }
        throw new Refusal(Failure.MALFORMED, "Field priority is a whole number from 0 to " + HIGHEST_PRIORITY + ".");
    }

    private static Assignment assignment(JsonObject json) {
        String subject = text(json, "subject");
        if (subject == null || !Codes.valid(subject) || Codes.nationalId(subject)) {
            throw new Refusal(Failure.MALFORMED, "Field subject is an opaque code of the center: " + Codes.RULE + ".");
        }
        Instant from = time(json, "from");
        if (from == null) {
            throw new Refusal(Failure.MALFORMED, "Field from is missing: the time at which the assignment begins.");
        }
        return new Assignment(subject, from, time(json, "to"));
    }

    private static Instant time(JsonObject json, String name) {
        Object value = json.getValue(name);
        if (value == null) {
            return null;
        }
        try {
            OffsetDateTime time = OffsetDateTime.parse((String) value);
            if (time.getYear() >= FIRST_YEAR && time.getYear() <= LAST_YEAR) {
                return time.toInstant();
            }
        } catch (ClassCastException | DateTimeException e) {
            // answered below
        }
        throw new Refusal(
                Failure.MALFORMED,
                "Field " + name
                        + " is a time in ISO 8601 with an offset, such as 2026-11-24T07:31:05+09:00, of the years "
                        + FIRST_YEAR + " to " + LAST_YEAR + ".");
    }

    private static JsonObject json(Device device) {
        JsonArray assignments = new JsonArray();
        device.getAssignments().forEach(assignment -> {
            JsonObject json = new JsonObject()
                    .put("subject", assignment.getSubject())
                    .put("from", assignment.getFrom().toString());
            if (assignment.getTo() != null) {
                json.put("to", assignment.getTo().toString());
            }
            assignments.add(json);
        });
        JsonObject json = new JsonObject().put("device", device.getDevice());
        if (device.getManufacturer() != null) {
            json.put("manufacturer", device.getManufacturer());
        }
        if (device.getModel() != null) {
            json.put("model", device.getModel());
        }
        if (!device.getCounters().isEmpty()) {
            json.put("counters", new JsonObject(new TreeMap<>(device.getCounters())));
        }
        if (device.getPriority() != 0) {
            json.put("priority", device.getPriority());
        }
        return json.put("assignments", assignments)
                .put("updatedAt", device.getUpdatedAt().toString());
    }
}
