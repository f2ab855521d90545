package org.lifelog.gateway.mqtt;

import io.netty.handler.codec.mqtt.MqttQoS;
import io.vertx.core.Future;
import io.vertx.mqtt.MqttEndpoint;
import io.vertx.mqtt.messages.MqttPublishMessage;
import java.util.Optional;
import org.lifelog.gateway.accept.Acceptor;
import org.lifelog.gateway.accept.Lane;
import org.lifelog.gateway.accept.Message;
import org.lifelog.gateway.accept.Protocol;
import org.lifelog.gateway.accept.TraceContext;
import org.lifelog.gateway.access.Credential;
import org.lifelog.gateway.access.Sender;
import org.lifelog.gateway.failure.Failure;
import org.lifelog.gateway.failure.Refusal;
import org.lifelog.gateway.format.ReadingDecoder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection of an MQTT 3.1.1 client. A message is acknowledged when Kafka has its readings, in the order in which
 * messages came. All of it runs on the connection's event loop.
 */
public final class MqttConnection {
    private static final Logger LOG = LoggerFactory.getLogger(MqttConnection.class);
    private static final int MOST_BYTES = 8 << 20;

    private final MqttEndpoint endpoint;
    private final Credential credential;
    private final Acceptor acceptor;
    private final ReadingDecoder decoder;
    /** Done when every message so far has been answered. */
    private Future<Void> answered = Future.succeededFuture();

    private final Lane lane = new Lane();
    private boolean closing;

    public MqttConnection(MqttEndpoint endpoint, Credential credential, Acceptor acceptor, ReadingDecoder decoder) {
        this.endpoint = endpoint;
        this.credential = credential;
        this.acceptor = acceptor;
        this.decoder = decoder;
    }

    public void handleMessages() {
        endpoint.publishHandler(this::take);
        endpoint.publishReleaseHandler(messageId -> {
            if (endpoint.isConnected()) {
                endpoint.publishComplete(messageId);
            }
        });
    }

    private void take(MqttPublishMessage message) {
        if (closing) {
            return;
        }
        Future<Void> done = store(message);
        Future<Void> before = answered;
        // The standard wants acknowledgements in the order of the messages; partitions of Kafka confirm in any.
        answered = done.transform(result -> before.transform(earlier -> {
            answer(message, result.cause());
            return Future.succeededFuture();
        }));
    }

    private Future<Void> store(MqttPublishMessage message) {
        Optional<DeviceTopic> topic = DeviceTopic.parse(message.topicName());
        if (topic.isEmpty()) {
            return Future.failedFuture(new Refusal(
                    Failure.NOT_FOUND, "Readings are published to centers/{center}/devices/{device}/readings."));
        }
        Sender sender;
        try {
            sender = credential.senderFor(topic.get().center());
        } catch (Refusal e) {
            return Future.failedFuture(e);
        }
        String device = topic.get().device();
        if (message.payload().length() > MOST_BYTES) {
            Refusal refusal = new Refusal(
                    Failure.TOO_LARGE,
                    "The message has " + message.payload().length() + " bytes; at most " + MOST_BYTES + " are taken.");
            return acceptor.quarantine(sender, device, new byte[0], refusal, lane);
        }
        byte[] body = message.payload().getBytes();
        return acceptor.accept(new Message(
                        sender,
                        body,
                        decoder.lines(),
                        Optional.of(device),
                        Optional.empty(),
                        Protocol.MQTT,
                        lane,
                        TraceContext.of(Optional.empty())))
                .<Void>mapEmpty()
                .recover(error -> error instanceof Refusal refusal
                        ? keep(sender, device, body, refusal)
                        : Future.failedFuture(error));
    }

    /** MQTT 3.1.1 cannot tell a sender that a message will never be taken: it is kept in quarantine and acknowledged. */
    private Future<Void> keep(Sender sender, String device, byte[] body, Refusal refusal) {
        return switch (refusal.failure().mqtt()) {
            case QUARANTINE -> acceptor.quarantine(sender, device, body, refusal, lane);
            case QUARANTINE_WITHOUT_BODY -> acceptor.quarantine(sender, device, new byte[0], refusal, lane);
            case CLOSE -> Future.failedFuture(refusal);
        };
    }

    private void answer(MqttPublishMessage message, Throwable error) {
        if (closing || !endpoint.isConnected()) {
            return;
        }
        if (error != null) {
            closing = true;
            if (error instanceof Refusal refusal) {
                LOG.debug(
                        "Closing a connection of {}: {}",
                        credential.username(),
                        refusal.failure().code());
            } else {
                LOG.error(
                        "Closing a connection of {} for a reason that the failure table does not know",
                        credential.username(),
                        error);
            }
            endpoint.close();
        } else if (message.qosLevel() == MqttQoS.AT_LEAST_ONCE) {
            endpoint.publishAcknowledge(message.messageId());
        } else if (message.qosLevel() == MqttQoS.EXACTLY_ONCE) {
            endpoint.publishReceived(message.messageId());
        }
    }
}
