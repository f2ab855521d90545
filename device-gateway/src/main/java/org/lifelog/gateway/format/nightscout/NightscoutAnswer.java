package org.lifelog.gateway.format.nightscout;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import org.lifelog.avro.Reading;
import org.lifelog.gateway.failure.Problem;
import org.lifelog.gateway.failure.Refusal;
import org.lifelog.gateway.format.Answer;
import org.lifelog.gateway.format.Items;

/**
 * Answers of a Nightscout server. Uploaders want status 200 and as many objects as they sent entries, or they send all of
 * it again for ever; so an entry that is refused stands in the array too, with its reason and without an id. Where every
 * entry is refused the status is 422.
 */
public final class NightscoutAnswer {
    private static final String TYPE = "application/json";
    private static final int OK = 200;
    private static final int UNPROCESSABLE = 422;
    /** A document id of MongoDB has 12 bytes. */
    private static final int ID_BYTES = 12;

    private NightscoutAnswer() {}

    /** The answer where the request as a whole is refused. */
    public static Answer of(Refusal refusal) {
        JsonObject body = new JsonObject()
                .put("status", refusal.failure().status())
                .put("message", refusal.failure().code())
                .put("description", refusal.getMessage());
        return new Answer(refusal.failure().status(), TYPE, body.encode());
    }

    static Answer of(List<Items.Outcome> outcomes) {
        JsonArray entries = new JsonArray();
        boolean taken = false;
        for (Items.Outcome outcome : outcomes) {
            if (outcome instanceof Items.Taken accepted) {
                taken = true;
                entries.add(stored(accepted.readings().get(0)));
            } else if (outcome instanceof Items.Refused refused) {
                entries.add(refused(refused.problem()));
            }
        }
        return new Answer(taken ? OK : UNPROCESSABLE, TYPE, entries.encode());
    }

    private static JsonObject stored(Reading reading) {
        boolean sensor = reading.getMetric().equals("glucose_cgm");
        String type = sensor ? "sgv" : "mbg";
        long date = reading.getTime().toEpochMilli();
        return new JsonObject()
                .put("_id", id(reading, type, date))
                .put("type", type)
                .put("date", date)
                .put("dateString", reading.getTime().toString())
                .put("device", reading.getDevice());
    }

    /** The same for the same entry, however often it is sent. */
    private static String id(Reading reading, String type, long date) {
        String identity = String.join(
                "/", reading.getCenter(), reading.getSubject(), reading.getDevice(), type, Long.toString(date));
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(identity.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash, 0, ID_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private static JsonObject refused(Problem problem) {
        return new JsonObject().put("refused", problem.code().text()).put("description", problem.detail());
    }
}
