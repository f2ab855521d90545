package org.lifelog.gateway.rejection;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.generic.IndexedRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.Deserializer;
import org.lifelog.avro.QuarantinedReading;
import org.lifelog.avro.Reading;
import org.lifelog.contract.SubjectKey;
import org.lifelog.contract.Topic;
import org.lifelog.gateway.access.Sender;
import org.lifelog.gateway.failure.Failure;
import org.lifelog.gateway.failure.Refusal;
import org.lifelog.gateway.follow.TopicFollower;
import org.lifelog.runtime.Health;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What streams quarantined, by center and vendor, newest first. {@code lifelog.readings.quarantined} is read from its
 * beginning, 30 days back; the newest ones of each vendor and center are kept in memory, at some 500 bytes each.
 */
public final class Rejections implements AutoCloseable {
    /** Most rejections of one vendor and center that are kept; the answer says where older ones are missing. */
    static final int MOST_KEPT = 10_000;

    private static final Logger LOG = LoggerFactory.getLogger(Rejections.class);

    /** Those of one vendor and center. */
    private static final class Kept {
        private final NavigableMap<Rejection.Place, Rejection> byPlace = new TreeMap<>();
        private boolean complete = true;

        synchronized void add(Rejection rejection) {
            byPlace.put(rejection.place(), rejection);
            if (byPlace.size() > MOST_KEPT) {
                byPlace.pollFirstEntry();
                complete = false;
            }
        }

        /** A release is not another rejection: it marks those of the same reading. */
        synchronized void release(QuarantinedReading release) {
            byPlace.replaceAll((place, one) -> sameReading(one.quarantined(), release)
                    ? new Rejection(
                            place,
                            QuarantinedReading.newBuilder(one.quarantined())
                                    .setReleasedAt(release.getReleasedAt())
                                    .build(),
                            one.rawBytes())
                    : one);
        }

        private static boolean sameReading(QuarantinedReading one, QuarantinedReading release) {
            Reading reading = one.getReading();
            Reading released = release.getReading();
            return reading != null
                    && released != null
                    && one.getReleasedAt() == null
                    && reading.getTime().equals(released.getTime())
                    && reading.getDevice().equals(released.getDevice())
                    && reading.getMetric().equals(released.getMetric())
                    && reading.getAttributes().equals(released.getAttributes())
                    && one.getReasons().equals(release.getReasons());
        }

        /** Forgets those of a subject, which the key of its records names. */
        synchronized void forget(String key) {
            byPlace.values()
                    .removeIf(one -> one.quarantined().getSubject() != null
                            && SubjectKey.of(
                                            one.quarantined().getCenter(),
                                            one.quarantined().getSubject())
                                    .toString()
                                    .equals(key));
        }

        synchronized JsonObject page(Optional<Instant> since, Optional<Rejection.Place> before, int limit) {
            NavigableMap<Rejection.Place, Rejection> newest = before.map(place -> byPlace.headMap(place, false))
                    .orElse(byPlace)
                    .descendingMap();
            List<JsonObject> page = new ArrayList<>();
            Rejection.Place last = null;
            for (Rejection rejection : newest.values()) {
                if (since.filter(rejection.place().at()::isBefore).isPresent()) {
                    return answer(page, Optional.empty(), true);
                }
                if (page.size() == limit) {
                    return answer(page, Optional.of(last), complete);
                }
                page.add(rejection.toJson());
                last = rejection.place();
            }
            return answer(page, Optional.empty(), complete);
        }

        private static JsonObject answer(List<JsonObject> page, Optional<Rejection.Place> next, boolean complete) {
            JsonObject answer = new JsonObject().put("rejections", new JsonArray(page));
            next.ifPresent(place -> answer.put("next", place.toString()));
            return answer.put("complete", complete);
        }
    }

    private final Deserializer<IndexedRecord> deserializer;
    private final TopicFollower follower;
    private final Map<Sender, Kept> kept = new ConcurrentHashMap<>();
    private volatile Health.Check check = Health.Check.down("the rejections have not been read yet");

    /** Begins to read. */
    public Rejections(Map<String, Object> consumerSettings, Deserializer<IndexedRecord> deserializer) {
        this.deserializer = deserializer;
        follower = new TopicFollower(consumerSettings, Topic.QUARANTINED, new Copy());
        follower.start();
    }

    /** Whether they have been read. The gateway is ready without them. */
    public Health.Check check() {
        return check;
    }

    /**
     * A page of a vendor's rejections, newest first: {@code {"rejections": [...], "next": cursor, "complete": boolean}}.
     *
     * @param since nothing that was quarantined before it
     * @param before cursor of an earlier page: nothing newer than its last one
     * @throws Refusal malformed, where the cursor is none; unavailable, while they are still being read
     */
    public JsonObject page(Sender sender, Optional<Instant> since, Optional<String> before, int limit) {
        if (!check.ok()) {
            throw new Refusal(Failure.UNAVAILABLE, "The rejections are still being read. Ask again.");
        }
        Optional<Rejection.Place> place = before.map(cursor -> Rejection.Place.parse(cursor)
                .orElseThrow(() -> new Refusal(
                        Failure.MALFORMED, "Parameter before is what an answer before this one gave as next.")));
        return kept.getOrDefault(sender, new Kept()).page(since, place, limit);
    }

    @Override
    public void close() {
        follower.close();
    }

    private final class Copy implements TopicFollower.Reader {
        @Override
        public void entry(ConsumerRecord<String, byte[]> entry) {
            if (entry.value() == null) {
                // The subject was erased.
                kept.values().forEach(ofSender -> ofSender.forget(entry.key()));
                return;
            }
            try {
                if (deserializer.deserialize(entry.topic(), entry.value()) instanceof QuarantinedReading quarantined
                        && quarantined.getVendor() != null) {
                    take(entry, quarantined);
                }
            } catch (KafkaException e) {
                LOG.warn("A record of {} cannot be read, and is left out", entry.topic(), e);
            }
        }

        private void take(ConsumerRecord<String, byte[]> entry, QuarantinedReading quarantined) {
            Sender sender = new Sender(quarantined.getCenter(), quarantined.getVendor());
            Kept ofSender = kept.computeIfAbsent(sender, s -> new Kept());
            if (quarantined.getReleasedAt() != null) {
                ofSender.release(quarantined);
                return;
            }
            int rawBytes =
                    quarantined.getRaw() == null ? 0 : quarantined.getRaw().remaining();
            quarantined.setRaw(null);
            ofSender.add(new Rejection(
                    new Rejection.Place(quarantined.getQuarantinedAt(), entry.partition(), entry.offset()),
                    quarantined,
                    rawBytes));
        }

        @Override
        public void caughtUp() {
            check = Health.Check.up("the rejections have been read");
        }

        @Override
        public void idle() {
            // Nothing is due.
        }

        @Override
        public void lost(String why) {
            LOG.warn("The rejections cannot be followed: {}", why);
        }
    }
}
