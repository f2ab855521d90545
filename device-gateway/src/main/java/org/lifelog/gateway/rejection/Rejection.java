package org.lifelog.gateway.rejection;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.Optional;
import org.lifelog.avro.QuarantinedReading;
import org.lifelog.avro.Reading;
import org.lifelog.contract.SubjectKey;

/**
 * A reading that was acknowledged and then quarantined.
 *
 * @param place where it stands among the others
 * @param quarantined without its raw bytes
 * @param rawBytes how many bytes were received, where they could not be decoded; else 0
 */
record Rejection(Place place, QuarantinedReading quarantined, int rawBytes) {
    /** The order of rejections: by the time of the judgement, and where that is the same, by their place in Kafka. */
    record Place(Instant at, int partition, long offset) implements Comparable<Place> {
        @Override
        public int compareTo(Place other) {
            int byTime = at.compareTo(other.at);
            int byPartition = byTime != 0 ? byTime : Integer.compare(partition, other.partition);
            return byPartition != 0 ? byPartition : Long.compare(offset, other.offset);
        }

        /** As a cursor in the call. */
        @Override
        public String toString() {
            return at + "_" + partition + "_" + offset;
        }

        /** Parses a cursor; nothing where it is none. */
        static Optional<Place> parse(String text) {
            String[] parts = text.split("_", -1);
            try {
                return parts.length == 3
                        ? Optional.of(new Place(
                                Instant.parse(parts[0]), Integer.parseInt(parts[1]), Long.parseLong(parts[2])))
                        : Optional.empty();
            } catch (java.time.DateTimeException | NumberFormatException e) {
                return Optional.empty();
            }
        }
    }

    JsonObject toJson() {
        JsonObject json = new JsonObject()
                .put("quarantinedAt", quarantined.getQuarantinedAt().toString())
                .put("receivedAt", quarantined.getReceivedAt().toString())
                .put("reasons", new JsonArray(quarantined.getReasons()))
                .put("detail", quarantined.getDetail())
                .put("device", quarantined.getDevice());
        Reading reading = quarantined.getReading();
        if (reading != null) {
            json.put("reading", reading(reading));
        }
        if (rawBytes > 0) {
            json.put("rawBytes", rawBytes);
        }
        if (quarantined.getReleasedAt() != null) {
            json.put("releasedAt", quarantined.getReleasedAt().toString());
        }
        return json;
    }

    private static JsonObject reading(Reading reading) {
        JsonObject json = new JsonObject();
        if (!SubjectKey.isUnassigned(reading.getSubject())) {
            json.put("subject", reading.getSubject());
        }
        json.put("device", reading.getDevice()).put("metric", reading.getMetric());
        switch (reading.getLimit()) {
            case LOW, HIGH -> json.put("value", reading.getLimit().toString());
            default -> json.put("value", reading.getValue());
        }
        json.put("unit", reading.getUnit()).put("time", reading.getTime().toString());
        if (reading.getEnd() != null) {
            json.put("end", reading.getEnd().toString());
        }
        if (reading.getSequence() != null) {
            json.put("sequence", reading.getSequence());
        }
        if (!reading.getAttributes().isEmpty()) {
            JsonObject attributes = new JsonObject();
            for (String pair : reading.getAttributes().split(";")) {
                String[] parts = pair.split("=", 2);
                attributes.put(parts[0], parts[1]);
            }
            json.put("attributes", attributes);
        }
        return json;
    }
}
