package org.lifelog.gateway.mqtt;

import io.netty.handler.codec.mqtt.MqttMessage;
import io.vertx.core.Context;
import io.vertx.core.json.JsonObject;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The receipts of one connection: those of its own messages go out to whoever wants them, and those that it wants come in.
 * At most 100 wait for its event loop, and none is sent while 64 KiB of answers are not written.
 */
final class ReceiptOutlet implements Receipts.Subscriber {
    private static final int MOST_WAITING = 100;

    private final Receipts receipts;
    private final Wire wire;
    private final Context context;
    private final Answers answers;
    private final AtomicInteger waiting = new AtomicInteger();

    ReceiptOutlet(Receipts receipts, Wire wire, Context context, Answers answers) {
        this.receipts = receipts;
        this.wire = wire;
        this.context = context;
        this.answers = answers;
    }

    @Override
    public void deliver(String topic, byte[] payload, Optional<byte[]> correlation, Runnable dropped) {
        if (waiting.incrementAndGet() > MOST_WAITING) {
            waiting.decrementAndGet();
            dropped.run();
            return;
        }
        context.runOnContext(now -> {
            waiting.decrementAndGet();
            Optional<MqttMessage> message = answers.receipt(topic, payload, correlation);
            if (message.isEmpty() || wire.full()) {
                dropped.run();
            } else {
                wire.send(message.get());
            }
        });
    }

    /** Tells what became of a message of this connection. */
    void tell(String username, Exchanges.Answered message) {
        String topic = ReceiptTopic.of(message.topic()).toString();
        if (receipts.wanted(username, topic)) {
            JsonObject receipt = message.outcome().toJson();
            if (message.id() > 0) {
                receipt.put("messageId", message.id());
            }
            receipts.publish(username, topic, receipt.toBuffer().getBytes(), message.correlation());
        }
    }
}
