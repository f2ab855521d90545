package org.lifelog.gateway.mqtt;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.Optional;
import java.util.function.Consumer;
import org.lifelog.gateway.accept.Lane;
import org.lifelog.gateway.accept.Message;
import org.lifelog.gateway.accept.Protocol;
import org.lifelog.gateway.accept.Receipt;
import org.lifelog.gateway.accept.TraceContext;
import org.lifelog.gateway.access.Credential;
import org.lifelog.gateway.access.Sender;
import org.lifelog.gateway.failure.Failure;
import org.lifelog.gateway.failure.Refusal;
import org.lifelog.gateway.format.Codes;

/**
 * Hands the messages of one connection to the acceptor, by the failure table: what is refused for good goes to quarantine,
 * what is over the quota is tried again for some seconds while reading is stopped, and what fails for now fails.
 */
final class Storing {
    private static final long SHORTEST_WAIT_MILLIS = 50;
    private static final String UNKNOWN_DEVICE = "unknown";

    private final MqttFront.Parts parts;
    private final Context context;
    private final Credential credential;
    private final String clientId;
    private final boolean five;
    /** Told to stop reading, and to go on. */
    private final Consumer<Boolean> overQuota;

    private final Lane lane = new Lane();
    private int waiting;

    Storing(
            MqttFront.Parts parts,
            Context context,
            Credential credential,
            Packet.Connect connect,
            String clientId,
            Consumer<Boolean> overQuota) {
        this.parts = parts;
        this.context = context;
        this.credential = credential;
        this.clientId = clientId;
        this.five = connect.version() == Version.MQTT_5;
        this.overQuota = overQuota;
    }

    /**
     * Stores a message. Gives back what was leased for it.
     *
     * @return on the connection's context: what became of it for good; fails with a {@link Refusal} for a fault that passes, or where MQTT 3.1.1 has
     *     no words for it, or with anything else for a fault of the gateway
     */
    Future<Outcome> store(Optional<DeviceTopic> topic, Packet.Publish publish) {
        // The acceptor takes a multiple of it for itself.
        leave(publish);
        Promise<Outcome> promise = Promise.promise();
        outcome(topic, publish).onComplete(end -> onContext(() -> promise.handle(end)));
        return promise.future();
    }

    /** Gives back what was leased for a message that is not stored. */
    void leave(Packet.Publish publish) {
        parts.memory().give(publish.leasedBytes());
    }

    private void onContext(Runnable work) {
        if (Vertx.currentContext() == context) {
            work.run();
        } else {
            context.runOnContext(now -> work.run());
        }
    }

    private Future<Outcome> outcome(Optional<DeviceTopic> topic, Packet.Publish publish) {
        Message message;
        try {
            message = message(topic, publish);
        } catch (Refusal e) {
            return keep(topic, new byte[0], e);
        }
        return accept(message, System.nanoTime() + parts.limits().patience().toNanos())
                .<Outcome>map(Outcome.Taken::new)
                .recover(error -> error instanceof Refusal refusal
                        ? keep(topic, publish.body(), refusal)
                        : Future.failedFuture(error));
    }

    private Message message(Optional<DeviceTopic> topic, Packet.Publish publish) {
        DeviceTopic address = topic.filter(
                        found -> parts.centers().center(found.center()).isPresent())
                .orElseThrow(() -> new Refusal(
                        Failure.NOT_FOUND,
                        "Readings are published to centers/{center}/devices/{device}/readings of a center that is"
                                + " there."));
        Sender sender = credential.senderFor(address.center());
        if (publish.bytes() > Limits.MOST_PAYLOAD_BYTES) {
            throw new Refusal(
                    Failure.TOO_LARGE,
                    "The message has " + publish.bytes() + " bytes; at most " + Limits.MOST_PAYLOAD_BYTES
                            + " are taken.");
        }
        return new Message(
                sender,
                publish.body(),
                parts.format(),
                Optional.of(address.device()),
                Optional.empty(),
                Protocol.MQTT,
                lane,
                TraceContext.of(publish.traceparent()));
    }

    private Future<Receipt> accept(Message message, long deadlineNanos) {
        return parts.accepting().accept(message).recover(error -> {
            boolean overQuota = error instanceof Refusal refusal && refusal.failure() == Failure.QUOTA_EXCEEDED;
            if (!overQuota) {
                return Future.failedFuture(error);
            }
            long leftMillis = (deadlineNanos - System.nanoTime()) / 1_000_000;
            long waitMillis = Math.max(
                    SHORTEST_WAIT_MILLIS, ((Refusal) error).retryAfter().toMillis());
            return waitMillis > leftMillis
                    ? Future.<Void>future(promise -> later(Math.max(1, leftMillis), message, promise))
                            .compose(waited -> Future.failedFuture(error))
                    : Future.<Void>future(promise -> later(waitMillis, message, promise))
                            .compose(waited -> accept(message, deadlineNanos));
        });
    }

    /** Waits, with the message counted as memory of the process meanwhile. */
    private void later(long millis, Message message, Promise<Void> promise) {
        int bytes = message.body().length;
        if (!parts.memory().take(bytes)) {
            promise.fail(new Refusal(Failure.UNAVAILABLE, "The gateway is full. Send the same message again."));
            return;
        }
        context.runOnContext(now -> {
            if (waiting++ == 0) {
                overQuota.accept(true);
            }
            context.owner().setTimer(millis, timer -> {
                parts.memory().give(bytes);
                if (--waiting == 0) {
                    overQuota.accept(false);
                }
                promise.complete();
            });
        });
    }

    /** Over MQTT 5 what PUBACK refuses is for good, so it is kept; MQTT 3.1.1 has fewer words. */
    private Future<Outcome> keep(Optional<DeviceTopic> topic, byte[] body, Refusal refusal) {
        Failure failure = refusal.failure();
        boolean lasting = five ? failure.mqtt5() == Failure.Mqtt5.PUBACK : failure.mqtt() != Failure.Mqtt.CLOSE;
        if (!lasting) {
            return Future.failedFuture(refusal);
        }
        byte[] kept = failure.mqtt() == Failure.Mqtt.QUARANTINE ? body : new byte[0];
        String device =
                topic.map(DeviceTopic::device).orElseGet(() -> Codes.valid(clientId) ? clientId : UNKNOWN_DEVICE);
        return parts.accepting()
                .quarantine(ownSender(topic), device, kept, refusal, lane)
                .map(new Outcome.Refused(refusal));
    }

    /** Nothing is written for a center that is not the sender's, so a note goes to one of its own. */
    private Sender ownSender(Optional<DeviceTopic> topic) {
        String center = topic.map(DeviceTopic::center)
                .filter(credential.centers()::contains)
                .orElseGet(
                        () -> credential.centers().stream().sorted().findFirst().orElseThrow());
        return new Sender(center, credential.username());
    }
}
